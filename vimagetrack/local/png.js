// Make a picture small: at most 256 colours, one byte a pixel. Runs in the browser that took it, and gives the
// bytes of the new file as base64. Colours that are drawn often stay exact; rare ones take the nearest of them.
async (source) => {
  const image = new Image();
  image.src = `data:image/png;base64,${source}`;
  await image.decode();
  const [width, height] = [image.width, image.height];
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1);
  const split = (p) => [p & 255, (p >> 8) & 255, (p >> 16) & 255];
  const far = ([r, g, b], [x, y, z]) => 2 * (r - x) ** 2 + 4 * (g - y) ** 2 + (b - z) ** 2;
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([pixel]) => pixel);
  const palette = ranked.slice(0, 96);
  // The other places go to what would be wrong most: a link's few pixels have a colour of their own.
  const rest = ranked.slice(96).map((pixel) => ({ pixel, parts: split(pixel), weight: Math.sqrt(counts.get(pixel)), miss: Infinity }));
  for (const pixel of palette) for (const one of rest) one.miss = Math.min(one.miss, far(one.parts, split(pixel)));
  while (palette.length < 256 && rest.length) {
    let worst = rest[0];
    for (const one of rest) if (one.miss * one.weight > worst.miss * worst.weight) worst = one;
    if (!worst.miss) break;
    palette.push(worst.pixel);
    for (const one of rest) one.miss = Math.min(one.miss, far(one.parts, worst.parts));
  }
  const parts = palette.map(split);
  const nearest = (pixel) => {
    const own = split(pixel);
    let best = 0, least = Infinity;
    parts.forEach((part, i) => {
      const d = far(own, part);
      if (d < least) [best, least] = [i, d];
    });
    return best;
  };
  const index = new Map(palette.map((pixel, i) => [pixel, i]));
  const raw = new Uint8Array((width + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    raw[at++] = 0;
    for (let x = 0; x < width; x++) {
      const pixel = pixels[y * width + x];
      if (!index.has(pixel)) index.set(pixel, nearest(pixel));
      raw[at++] = index.get(pixel);
    }
  }
  const deflated = new Blob([raw]).stream().pipeThrough(new CompressionStream("deflate"));
  const data = new Uint8Array(await new Response(deflated).arrayBuffer());
  const table = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
  });
  const chunk = (name, body) => {
    const out = new Uint8Array(body.length + 12);
    const view = new DataView(out.buffer);
    view.setUint32(0, body.length);
    out.set([...name].map((c) => c.charCodeAt(0)), 4);
    out.set(body, 8);
    let crc = 0xffffffff;
    for (let i = 4; i < body.length + 8; i++) crc = table[(crc ^ out[i]) & 255] ^ (crc >>> 8);
    view.setUint32(body.length + 8, (crc ^ 0xffffffff) >>> 0);
    return out;
  };
  const header = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  const signature = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]);
  const colours = new Uint8Array(parts.flat());
  const file = new Blob([signature, chunk("IHDR", header), chunk("PLTE", colours), chunk("IDAT", data), chunk("IEND", new Uint8Array())]);
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}
