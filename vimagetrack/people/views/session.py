"""Sign in and out, with Django's own views in our words."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView

login = LoginView.as_view(template_name="people/session-new.html", redirect_authenticated_user=True)
logout = LogoutView.as_view()  # answers POST only: a link could sign a reader out from another site
