"""The records of reviews: what was sent, how it was split, what is reviewed."""

from __future__ import annotations

from reviews.models.chunks import ChangeText, Chunk, ChunkContent, ChunkVersion, Placement
from reviews.models.layers import Layer, LayerFile, LayerPatch, Proof, Split
from reviews.models.sent import Blob, Revision, Series

__all__ = [
    "Blob",
    "ChangeText",
    "Chunk",
    "ChunkContent",
    "ChunkVersion",
    "Layer",
    "LayerFile",
    "LayerPatch",
    "Placement",
    "Proof",
    "Revision",
    "Series",
    "Split",
]
