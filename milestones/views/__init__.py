"""Pages of projects and plans; pages that show reviews beside them are views of ``reviews``."""
