"""The reference data site: superusers look after people, rooms, holidays and the clinic there when the pages under /people/ do
not do. No client stands in it, nobody is deleted in it, and one signs in where everybody signs in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from access.meanwhile import Stale, refuse_stale
from people.forms import RowForm
from staff.models import Clinic, Holiday, Leave, Room, SupervisionLine, User, WorkingHours


class ReferenceSite(admin.AdminSite):
    """A site of its own, so that what third parties register does not appear in it."""

    site_header = "Reference data"
    site_title = "Reference data"
    index_title = "People, rooms and holidays"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The clinic's own sign-in page, with its limits and second factors."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.get_full_path()))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")


reference_site = ReferenceSite(name="admin")


class ReferenceForm(RowForm):
    """Its row is looked at again, and locked, before it is saved: the site itself would write over what somebody else saved
    meanwhile."""

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        if self.instance._state.adding:
            return True
        row = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
        try:
            refuse_stale(row if hasattr(row, "events") else None, self.what_was_seen(), self.shown_of(row))
        except Stale as stale:
            self.refuse(stale)
            return False
        return True


class ReferenceAdmin(admin.ModelAdmin):
    """The app role may not delete, and nothing that others refer to should be."""

    form = ReferenceForm
    change_form_template = "admin/reference_form.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name != "seen"]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().render_change_form(request, context, *args, **kwargs)
        answer.status_code = context["adminform"].form.status
        return answer

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User, site=reference_site)
class PersonAdmin(ReferenceAdmin):
    fields = (
        *("full_name", "email", "roles", "is_trainee", "places", "is_screener", "gender"),
        *("is_active", "is_superuser"),
    )
    list_display = ("full_name", "email", "role_names", "is_active", "is_superuser")
    list_filter = ("is_active", "is_trainee", "is_superuser")
    search_fields = ("full_name", "email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(is_system=False)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(SupervisionLine, site=reference_site)
class LineAdmin(ReferenceAdmin):
    list_display = ("therapist", "supervisor", "deputy", "starts_at", "ends_at")
    list_select_related = ("therapist", "supervisor", "deputy")


@admin.register(WorkingHours, site=reference_site)
class HoursAdmin(ReferenceAdmin):
    list_display = ("person", "weekday", "starts", "ends")
    list_select_related = ("person",)


@admin.register(Leave, site=reference_site)
class LeaveAdmin(ReferenceAdmin):
    list_display = ("person", "starts_on", "ends_on", "cover")
    list_select_related = ("person", "cover")


@admin.register(Room, site=reference_site)
class RoomAdmin(ReferenceAdmin):
    list_display = ("name", "is_step_free", "ended_on")


@admin.register(Holiday, site=reference_site)
class HolidayAdmin(ReferenceAdmin):
    list_display = ("day", "name")


@admin.register(Clinic, site=reference_site)
class ClinicAdmin(ReferenceAdmin):
    list_display = ("name", "readable_days_after_end")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Clinic.objects.exists()
