"""What templates write with `{% load ui %}`."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template

from ui.tags import tag_html
from ui.widgets import Chips, Segments


def written(source: str, **context: object) -> str:
    return Template("{% load ui crispy_forms_tags %}" + source).render(Context(context)).strip()


class AskForm(forms.Form):
    how = forms.ChoiceField(label="How", choices=[("in", "In person"), ("video", "Video")], widget=Segments)
    areas = forms.MultipleChoiceField(
        label="Focus", choices=[("grief", "Grief"), ("conflict", "Conflict")], widget=Chips, required=False
    )
    minutes = forms.IntegerField(
        label="Minutes", help_text="From 5 to 300.", error_messages={"required": "Write how long it was."}
    )


def test_a_tag_carries_its_words_and_escapes_them():
    assert tag_html("risk", "Item 9 < 3") == '<span class="tag risk">Item 9 &lt; 3</span>'


def test_a_kind_of_tag_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="Unknown kind of tag: 'red'"):
        tag_html("red", "Risk")


def test_a_panel_is_a_section_with_a_heading_and_a_note():
    assert written('{% panel "Rooms" note="4" %}<p>x</p>{% endpanel %}') == (
        '<section class="panel" aria-label="Rooms"><header><h2>Rooms</h2>'
        '<span class="muted tiny num">4</span></header><p>x</p></section>'
    )


def test_dates_are_written_with_the_day_of_the_week_and_the_clock_of_london():
    in_summer = datetime(2026, 7, 1, 9, 5, tzinfo=UTC)
    assert written("{{ d|day }}", d=date(2026, 11, 23)) == "Mon 23 Nov 2026"
    assert written("{{ t|day_clock }}", t=in_summer) == "Wed 1 Jul 2026, 10:05"
    assert written("{{ t|clock }}", t=datetime(2026, 11, 23, 14, 0, tzinfo=UTC)) == "14:00"
    assert written("{{ t|day }}{{ t|clock }}", t=None) == ""


def test_late_in_the_evening_of_summer_it_is_the_next_day_in_london():
    assert written("{{ t|day }}", t=datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "Thu 2 Jul 2026"


def test_refusals_stand_first_and_lead_to_their_fields():
    form = AskForm({})
    form.add_error(None, "Nothing was kept.")
    assert written("{% error_summary form %}", form=form) == (
        '<div class="error-summary" role="alert" tabindex="-1" data-error-summary><h2>There are problems</h2><ul>'
        "<li>Nothing was kept.</li>"
        '<li><a href="#id_how_0">This field is required.</a></li>'
        '<li><a href="#id_minutes">Write how long it was.</a></li></ul></div>'
    )


def test_a_form_without_a_refusal_has_no_summary():
    assert written("{% error_summary form %}", form=AskForm()) == ""


def test_a_field_names_its_hint_and_its_refusal_to_a_screen_reader():
    page = written("{{ form.minutes|as_crispy_field }}", form=AskForm({}))
    assert 'aria-describedby="id_minutes_helptext id_minutes_error"' in page
    assert '<div id="id_minutes_helptext" class="hint">From 5 to 300.</div>' in page
    assert 'id="id_minutes_error" class="field-error"' in page
    assert 'aria-invalid="true"' in page


def test_segments_are_radio_buttons_under_a_legend():
    page = written("{{ form.how|as_crispy_field }}", form=AskForm({"how": "video"}))
    assert '<legend class="f">How</legend>' in page
    assert '<div class="seg">' in page
    assert 'type="radio" name="how" value="video" required id="id_how_1" checked' in page
    assert 'value="in" required id="id_how_0" checked' not in page


def test_chips_are_check_boxes_and_say_that_they_are_optional():
    page = written("{{ form.areas|as_crispy_field }}", form=AskForm({"areas": ["grief"]}))
    assert '<legend class="f">Focus <span class="optional">optional</span></legend>' in page
    assert 'type="checkbox" name="areas" value="grief" id="id_areas_0" checked' in page
    assert '<label class="chip" for="id_areas_1">' in page


def test_a_browser_is_called_as_its_owner_would_call_it():
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"
    assert written("{{ agent|browser }}", agent=edge) == "Edge on Windows"
    assert written("{{ agent|browser }}", agent=phone) == "Safari on iPhone"
    assert written("{{ agent|browser }}", agent="curl/8") == "A browser"
