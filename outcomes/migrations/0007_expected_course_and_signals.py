import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outcomes', '0006_safety_plans'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExpectedBand',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('measure', models.CharField(choices=[('phq9', 'PHQ-9'), ('gad7', 'GAD-7'), ('core10', 'CORE-10'), ('wsas', 'WSAS'), ('ucla3', 'UCLA-3')], max_length=10)),
                ('baseline_low', models.PositiveSmallIntegerField()),
                ('baseline_high', models.PositiveSmallIntegerField()),
                ('session_number', models.PositiveSmallIntegerField()),
                ('courses', models.PositiveIntegerField()),
                ('low', models.DecimalField(decimal_places=2, max_digits=5)),
                ('high', models.DecimalField(decimal_places=2, max_digits=5)),
                ('is_pooled', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('measure', 'baseline_low', 'session_number'),
            },
        ),
        migrations.CreateModel(
            name='ExpectedModel',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('courses', models.PositiveIntegerField(help_text='How many ended courses it was made of.')),
                ('digest', models.CharField(help_text='Of the bands: a run that finds nothing new adds no row.', max_length=64)),
            ],
            options={
                'ordering': ('-made_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('measure', models.CharField(choices=[('phq9', 'PHQ-9'), ('gad7', 'GAD-7'), ('core10', 'CORE-10'), ('wsas', 'WSAS'), ('ucla3', 'UCLA-3')], max_length=10)),
                ('rule', models.CharField(choices=[('expected', 'Above the expected course'), ('worsening', 'Reliable worsening'), ('weeks', 'Little change after four to six weeks'), ('mid_course', 'No reliable improvement by mid-course')], max_length=10)),
                ('session_number', models.PositiveSmallIntegerField()),
                ('baseline', models.PositiveSmallIntegerField()),
                ('score', models.PositiveSmallIntegerField()),
                ('limit', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('considered', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('risk', 'Risk'), ('motivation', 'Motivation'), ('alliance', 'The working alliance'), ('life_events', 'Life events'), ('focus', 'The focus'), ('dose', 'Too few sessions, or too far apart'), ('other', 'Something else')], max_length=12), default=list, size=None)),
                ('plan', models.TextField(blank=True, max_length=4000)),
            ],
            options={
                'ordering': ('-raised_at',),
            },
        ),
        migrations.CreateModel(
            name='SignalEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ('measure', models.CharField(choices=[('phq9', 'PHQ-9'), ('gad7', 'GAD-7'), ('core10', 'CORE-10'), ('wsas', 'WSAS'), ('ucla3', 'UCLA-3')], max_length=10)),
                ('rule', models.CharField(choices=[('expected', 'Above the expected course'), ('worsening', 'Reliable worsening'), ('weeks', 'Little change after four to six weeks'), ('mid_course', 'No reliable improvement by mid-course')], max_length=10)),
                ('session_number', models.PositiveSmallIntegerField()),
                ('baseline', models.PositiveSmallIntegerField()),
                ('score', models.PositiveSmallIntegerField()),
                ('limit', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('considered', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('risk', 'Risk'), ('motivation', 'Motivation'), ('alliance', 'The working alliance'), ('life_events', 'Life events'), ('focus', 'The focus'), ('dose', 'Too few sessions, or too far apart'), ('other', 'Something else')], max_length=12), default=list, size=None)),
                ('plan', models.TextField(blank=True, max_length=4000)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='expectedband',
            name='model',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bands', to='outcomes.expectedmodel'),
        ),
        migrations.AddField(
            model_name='signal',
            name='course',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='courses.course'),
        ),
        migrations.AddField(
            model_name='signal',
            name='model',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outcomes.expectedmodel'),
        ),
        migrations.AddField(
            model_name='signal',
            name='response',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='outcomes.response'),
        ),
        migrations.AddField(
            model_name='signal',
            name='reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signalevent',
            name='course',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courses.course'),
        ),
        migrations.AddField(
            model_name='signalevent',
            name='model',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='outcomes.expectedmodel'),
        ),
        migrations.AddField(
            model_name='signalevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='signalevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='outcomes.signal'),
        ),
        migrations.AddField(
            model_name='signalevent',
            name='response',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='outcomes.response'),
        ),
        migrations.AddField(
            model_name='signalevent',
            name='reviewed_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='expectedband',
            constraint=models.UniqueConstraint(fields=('model', 'measure', 'baseline_low', 'session_number'), name='one_band_a_cell'),
        ),
        migrations.AddConstraint(
            model_name='expectedband',
            constraint=models.CheckConstraint(condition=models.Q(('courses__gte', 30), ('high__gte', models.F('low'))), name='band_of_thirty_courses'),
        ),
        migrations.AddConstraint(
            model_name='signal',
            constraint=models.UniqueConstraint(condition=models.Q(('reviewed_at', None)), fields=('course', 'measure'), name='one_open_signal_for_a_measure'),
        ),
        migrations.AddConstraint(
            model_name='signal',
            constraint=models.CheckConstraint(condition=models.Q(('rule__in', ['expected', 'worsening', 'weeks', 'mid_course'])), name='signal_rule_is_known'),
        ),
        migrations.AddConstraint(
            model_name='signal',
            constraint=models.CheckConstraint(condition=models.Q(('considered__contained_by', ['risk', 'motivation', 'alliance', 'life_events', 'focus', 'dose', 'other'])), name='considered_from_the_list', violation_error_message='Choose what was considered from the list.'),
        ),
        migrations.AddConstraint(
            model_name='signal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at', None), ('reviewed_by', None)), models.Q(('considered__len__gte', 1), ('reviewed_at__isnull', False), ('reviewed_by__isnull', False), models.Q(('plan', ''), _negated=True)), _connector='OR'), name='reviewed_with_a_plan', violation_error_message='Say what you considered and what the plan is.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signal',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_signalevent" ("baseline", "considered", "course_id", "id", "limit", "measure", "model_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "raised_at", "response_id", "reviewed_at", "reviewed_by_id", "rule", "score", "session_number") VALUES (NEW."baseline", NEW."considered", NEW."course_id", NEW."id", NEW."limit", NEW."measure", NEW."model_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan", NEW."raised_at", NEW."response_id", NEW."reviewed_at", NEW."reviewed_by_id", NEW."rule", NEW."score", NEW."session_number"); RETURN NULL;', hash='5f529e8e5098a6d0f0e092dba86ba96836dd26c4', operation='INSERT', pgid='pgtrigger_insert_insert_93872', table='outcomes_signal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "outcomes_signalevent" ("baseline", "considered", "course_id", "id", "limit", "measure", "model_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "raised_at", "response_id", "reviewed_at", "reviewed_by_id", "rule", "score", "session_number") VALUES (NEW."baseline", NEW."considered", NEW."course_id", NEW."id", NEW."limit", NEW."measure", NEW."model_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan", NEW."raised_at", NEW."response_id", NEW."reviewed_at", NEW."reviewed_by_id", NEW."rule", NEW."score", NEW."session_number"); RETURN NULL;', hash='0cdc5d6b85f3dfd7bf9eb81c58a1a48995db8208', operation='UPDATE', pgid='pgtrigger_update_update_43ddf', table='outcomes_signal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_signalevent" ("baseline", "considered", "course_id", "id", "limit", "measure", "model_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "raised_at", "response_id", "reviewed_at", "reviewed_by_id", "rule", "score", "session_number") VALUES (OLD."baseline", OLD."considered", OLD."course_id", OLD."id", OLD."limit", OLD."measure", OLD."model_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan", OLD."raised_at", OLD."response_id", OLD."reviewed_at", OLD."reviewed_by_id", OLD."rule", OLD."score", OLD."session_number"); RETURN NULL;', hash='1323d8016a706184ba27013313a8d833d05ad279', operation='DELETE', pgid='pgtrigger_delete_delete_592d2', table='outcomes_signal', when='AFTER')),
        ),
    ]
