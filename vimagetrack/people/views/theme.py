"""Keep the theme in a cookie, so that the server writes it on the next page before anything is painted."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES: Final = ("system", "light", "dark")
_YEAR: Final = 365 * 24 * 3600


@require_POST
def keep_theme(request: HttpRequest) -> HttpResponse:
    """Store the choice and go back; an unknown theme is the system's, an address of elsewhere is ours."""
    theme = request.POST.get("theme", "")
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer = HttpResponseRedirect(back if safe else "/")
    if theme in THEMES[1:]:
        answer.set_cookie(
            "theme", theme, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    else:
        answer.delete_cookie("theme", samesite="Lax")
    return answer
