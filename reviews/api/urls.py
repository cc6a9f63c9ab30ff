"""Addresses below ``/api/v1/projects/<slug>/`` that show what was sent and how it was split."""

from __future__ import annotations

from django.urls import include, path

from reviews.api.chunks import ChangeList, ChunkDetail, ChunkList, ChunkPatch, ChunkVersionDetail
from reviews.api.jobs import JobDetail, JobList
from reviews.api.revisions import RevisionDetail, RevisionDiff, RevisionList
from reviews.api.splits import LayerPatchFile, Report, SplitDetail, SplitList, SplitReport
from reviews.api.status import MilestoneStatus
from vimagetrack.api import converters as _converters  # noqa: F401  # makes <apiname:> known

revision_urls = [
    path("", RevisionDetail.as_view(), name="revision"),
    path("diff/", RevisionDiff.as_view(), name="revision-diff"),
    path("report/", Report.as_view(), name="report"),
    path("splits/", SplitList.as_view(), name="splits"),
    path("splits/<apinumber:split>/", SplitDetail.as_view(), name="split"),
    path("splits/<apinumber:split>/report/", SplitReport.as_view(), name="split-report"),
    path("splits/<apinumber:split>/patches/<apiname:name>/", LayerPatchFile.as_view(), name="patch"),
]

chunk_urls = [
    path("", ChunkVersionDetail.as_view(), name="chunk-version"),
    path("changes/", ChangeList.as_view(), name="changes"),
    path("patch/", ChunkPatch.as_view(), name="chunk-patch"),
]

urlpatterns = [
    path("milestones/<apiname:milestone>/status/", MilestoneStatus.as_view(), name="milestone-status"),
    path("revisions/", RevisionList.as_view(), name="revisions"),
    path("revisions/<apiname:series>/v<apinumber:number>/", include(revision_urls)),
    path("chunks/", ChunkList.as_view(), name="chunks"),
    path("chunks/<apiname:uid>/", ChunkDetail.as_view(), name="chunk"),
    path("chunks/<apiname:uid>/v<apinumber:number>/", include(chunk_urls)),
    path("jobs/", JobList.as_view(), name="jobs"),
    path("jobs/<apinumber:number>/", JobDetail.as_view(), name="job"),
]
