import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outcomes', '0002_links'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='response',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='response',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='response',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='response',
            name='total_only_when_complete',
        ),
        migrations.AddField(
            model_name='response',
            name='came',
            field=models.CharField(choices=[('typed', 'Typed in'), ('paper', 'From paper'), ('link', 'By link')], db_default='typed', default='typed', max_length=5),
        ),
        migrations.AddField(
            model_name='response',
            name='in_error_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='response',
            name='in_error_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='response',
            name='in_error_reason',
            field=models.TextField(blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='response',
            name='is_total_only',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='response',
            name='unscored',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='response',
            name='without_work',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='responseevent',
            name='came',
            field=models.CharField(choices=[('typed', 'Typed in'), ('paper', 'From paper'), ('link', 'By link')], db_default='typed', default='typed', max_length=5),
        ),
        migrations.AddField(
            model_name='responseevent',
            name='in_error_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='responseevent',
            name='in_error_by',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='responseevent',
            name='in_error_reason',
            field=models.TextField(blank=True, db_default='', default='', editable=False),
        ),
        migrations.AddField(
            model_name='responseevent',
            name='is_total_only',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='responseevent',
            name='unscored',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='responseevent',
            name='without_work',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='response',
            name='entered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='responseevent',
            name='entered_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='response',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_responseevent" ("answers", "came", "course_id", "entered_at", "entered_by_id", "id", "in_error_at", "in_error_by_id", "in_error_reason", "instrument_version", "is_total_only", "link_id", "locked_at", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "taken_at", "total", "unscored", "without_work") VALUES (NEW."answers", NEW."came", NEW."course_id", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."in_error_at", NEW."in_error_by_id", NEW."in_error_reason", NEW."instrument_version", NEW."is_total_only", NEW."link_id", NEW."locked_at", NEW."measure", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."taken_at", NEW."total", NEW."unscored", NEW."without_work"); RETURN NULL;', hash='4af4e667e715959a8ef2a5a3cdbb6530524c416a', operation='INSERT', pgid='pgtrigger_insert_insert_57938', table='outcomes_response', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='response',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "outcomes_responseevent" ("answers", "came", "course_id", "entered_at", "entered_by_id", "id", "in_error_at", "in_error_by_id", "in_error_reason", "instrument_version", "is_total_only", "link_id", "locked_at", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "taken_at", "total", "unscored", "without_work") VALUES (NEW."answers", NEW."came", NEW."course_id", NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."in_error_at", NEW."in_error_by_id", NEW."in_error_reason", NEW."instrument_version", NEW."is_total_only", NEW."link_id", NEW."locked_at", NEW."measure", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."taken_at", NEW."total", NEW."unscored", NEW."without_work"); RETURN NULL;', hash='97a35620750b230c3d96957e6df667eff3ef3e8d', operation='UPDATE', pgid='pgtrigger_update_update_bbf2a', table='outcomes_response', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='response',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_responseevent" ("answers", "came", "course_id", "entered_at", "entered_by_id", "id", "in_error_at", "in_error_by_id", "in_error_reason", "instrument_version", "is_total_only", "link_id", "locked_at", "measure", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "taken_at", "total", "unscored", "without_work") VALUES (OLD."answers", OLD."came", OLD."course_id", OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."in_error_at", OLD."in_error_by_id", OLD."in_error_reason", OLD."instrument_version", OLD."is_total_only", OLD."link_id", OLD."locked_at", OLD."measure", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."taken_at", OLD."total", OLD."unscored", OLD."without_work"); RETURN NULL;', hash='7571c8bd78529bc64d4ddf0032c2a193727e3f7e', operation='DELETE', pgid='pgtrigger_delete_delete_9e4b8', table='outcomes_response', when='AFTER')),
        ),
        migrations.AddField(
            model_name='response',
            name='link',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='outcomes.link'),
        ),
        migrations.AddField(
            model_name='responseevent',
            name='link',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='outcomes.link'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('total', None), ('is_total_only', True), models.Q(('without_work', False), models.Func(models.F('answers'), output_field=models.BooleanField(), template='array_position(%(expressions)s, NULL) IS NULL')), models.Q(('without_work', True), models.Func(models.F('answers'), output_field=models.BooleanField(), template='array_position((%(expressions)s)[2:], NULL) IS NULL')), _connector='OR'), name='total_only_when_complete', violation_error_message='A form with a missing answer has no total.'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('is_total_only', False), models.Q(('total__isnull', False), models.Func(models.F('answers'), output_field=models.BooleanField(), template="array_remove(%(expressions)s, NULL) = '{}'")), _connector='OR'), name='total_alone_has_no_answers', violation_error_message='Where only a total is known there are no answers.'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('total', None), models.Q(('measure', 'phq9'), ('total__gte', 0), ('total__lte', 27)), models.Q(('measure', 'gad7'), ('total__gte', 0), ('total__lte', 21)), models.Q(('measure', 'core10'), ('total__gte', 0), ('total__lte', 40)), models.Q(('measure', 'wsas'), ('total__gte', 0), ('total__lte', 40)), models.Q(('measure', 'ucla3'), ('total__gte', 3), ('total__lte', 9)), _connector='OR'), name='total_in_range', violation_error_message='The total is out of range.'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('without_work', False), models.Q(('measure', 'wsas'), models.Func(models.F('answers'), output_field=models.BooleanField(), template='(%(expressions)s)[1] IS NULL')), _connector='OR'), name='only_the_wsas_goes_without_work', violation_error_message='Work that does not apply has no answer.'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('unscored', None), models.Q(('measure', 'phq9'), ('unscored__gte', 0), ('unscored__lte', 3)), models.Q(('measure', 'ucla3'), ('unscored__gte', 1), ('unscored__lte', 5)), _connector='OR'), name='unscored_answer_in_range', violation_error_message='The answer to the question beside the score is out of range.'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('came__in', ['typed', 'paper']), ('entered_by__isnull', False), ('link', None)), models.Q(('came', 'link'), ('entered_by', None), ('link__isnull', False)), _connector='OR'), name='came_by_its_link', violation_error_message='A questionnaire was entered by somebody, or filled in by link.'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('in_error_at', None), ('in_error_by', None), ('in_error_reason', '')), models.Q(('in_error_at__isnull', False), ('in_error_by__isnull', False), models.Q(('in_error_reason', ''), _negated=True)), _connector='OR'), name='response_in_error_says_why', violation_error_message='Say why these scores were entered in error.'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('link', 'measure'), name='one_response_a_measure_of_a_link', violation_error_message='This questionnaire has been begun already.'),
        ),
    ]
