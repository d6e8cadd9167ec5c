import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outcomes', '0004_goals_and_wording'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertAct',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('asked', 'Asked the client directly'), ('plan', 'Made or reviewed a safety plan'), ('supervisor', 'Spoke with a supervisor or the lead'), ('gp', 'Told the GP'), ('crisis', 'Brought in a crisis service'), ('emergency', 'Called 999'), ('family', 'Spoke with family or the emergency contact'), ('safeguarding', 'Told the safeguarding authority'), ('other', 'Something else')], max_length=12)),
                ('words', models.TextField(max_length=4000)),
                ('follow_up_on', models.DateField(blank=True, null=True)),
                ('closes', models.BooleanField(default=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='AlertTold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=10)),
                ('stage', models.CharField(choices=[('first', 'At once'), ('supervisor', 'The supervisor'), ('lead', 'The lead')], max_length=10)),
                ('why', models.CharField(max_length=120)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('at', 'id'),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='alert',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='alert',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='alert',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('answer', 'An answer'), ('thoughts', 'Thoughts of death or of self-harm'), ('plan', 'A plan, intent or means'), ('harm_to_others', 'Harm to others'), ('child', 'Safeguarding of a child'), ('adult', 'Safeguarding of an adult'), ('domestic_abuse', 'Domestic abuse')], db_default='answer', default='answer', editable=False, max_length=14),
        ),
        migrations.AddField(
            model_name='alert',
            name='raised_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alert',
            name='tell_from',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='alert',
            name='words',
            field=models.TextField(blank=True, db_default='', default='', max_length=4000),
        ),
        migrations.AddField(
            model_name='alertevent',
            name='kind',
            field=models.CharField(choices=[('answer', 'An answer'), ('thoughts', 'Thoughts of death or of self-harm'), ('plan', 'A plan, intent or means'), ('harm_to_others', 'Harm to others'), ('child', 'Safeguarding of a child'), ('adult', 'Safeguarding of an adult'), ('domestic_abuse', 'Domestic abuse')], db_default='answer', default='answer', editable=False, max_length=14),
        ),
        migrations.AddField(
            model_name='alertevent',
            name='raised_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alertevent',
            name='tell_from',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='alertevent',
            name='words',
            field=models.TextField(blank=True, db_default='', default='', max_length=4000),
        ),
        migrations.AlterField(
            model_name='alert',
            name='item',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='alert',
            name='response',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='outcomes.response'),
        ),
        migrations.AlterField(
            model_name='alert',
            name='value',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='alertevent',
            name='item',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='alertevent',
            name='response',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='outcomes.response'),
        ),
        migrations.AlterField(
            model_name='alertevent',
            name='value',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alert',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_alertevent" ("acknowledged_at", "acknowledged_by_id", "closed_at", "closed_by_id", "course_id", "id", "item", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "raised_by_id", "response_id", "tell_from", "typed_in_error", "value", "what_was_done", "words") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."closed_at", NEW."closed_by_id", NEW."course_id", NEW."id", NEW."item", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."raised_at", NEW."raised_by_id", NEW."response_id", NEW."tell_from", NEW."typed_in_error", NEW."value", NEW."what_was_done", NEW."words"); RETURN NULL;', hash='d89399e6154c812aea2b3daff0c49a84ade39c6a', operation='INSERT', pgid='pgtrigger_insert_insert_961c7', table='outcomes_alert', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alert',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "outcomes_alertevent" ("acknowledged_at", "acknowledged_by_id", "closed_at", "closed_by_id", "course_id", "id", "item", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "raised_by_id", "response_id", "tell_from", "typed_in_error", "value", "what_was_done", "words") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."closed_at", NEW."closed_by_id", NEW."course_id", NEW."id", NEW."item", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."raised_at", NEW."raised_by_id", NEW."response_id", NEW."tell_from", NEW."typed_in_error", NEW."value", NEW."what_was_done", NEW."words"); RETURN NULL;', hash='c69773cc0fe42602e67f237d65fd3aa47540f900', operation='UPDATE', pgid='pgtrigger_update_update_30f43', table='outcomes_alert', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alert',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "outcomes_alertevent" ("acknowledged_at", "acknowledged_by_id", "closed_at", "closed_by_id", "course_id", "id", "item", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "raised_by_id", "response_id", "tell_from", "typed_in_error", "value", "what_was_done", "words") VALUES (OLD."acknowledged_at", OLD."acknowledged_by_id", OLD."closed_at", OLD."closed_by_id", OLD."course_id", OLD."id", OLD."item", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."raised_at", OLD."raised_by_id", OLD."response_id", OLD."tell_from", OLD."typed_in_error", OLD."value", OLD."what_was_done", OLD."words"); RETURN NULL;', hash='87aa87713cf5d388c11606f628712dd423fc26bd', operation='DELETE', pgid='pgtrigger_delete_delete_4c9e5', table='outcomes_alert', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('item__isnull', False), ('kind', 'answer'), ('response__isnull', False), ('value__isnull', False), ('words', '')), models.Q(('item', None), ('kind__in', ['thoughts', 'plan', 'harm_to_others', 'child', 'adult', 'domestic_abuse']), ('raised_by__isnull', False), ('response', None), ('value', None), models.Q(('words', ''), _negated=True)), _connector='OR'), name='alert_is_of_its_kind', violation_error_message='Say what you noticed.'),
        ),
        migrations.AddField(
            model_name='alertact',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='outcomes.alert'),
        ),
        migrations.AddField(
            model_name='alertact',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alertact',
            name='course',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.course'),
        ),
        migrations.AddField(
            model_name='alerttold',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told', to='outcomes.alert'),
        ),
        migrations.AddField(
            model_name='alerttold',
            name='course',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.course'),
        ),
        migrations.AddField(
            model_name='alerttold',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='alertact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['asked', 'plan', 'supervisor', 'gp', 'crisis', 'emergency', 'family', 'safeguarding', 'other'])), name='alert_act_is_known', violation_error_message='Say what was done: choose from the list.'),
        ),
        migrations.AddConstraint(
            model_name='alertact',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='alert_act_says_what', violation_error_message='Say what was done.'),
        ),
        migrations.AddConstraint(
            model_name='alertact',
            constraint=models.CheckConstraint(condition=models.Q(('closes', False), ('follow_up_on', None), _connector='OR'), name='closed_alerts_are_not_followed_up', violation_error_message='An alert that somebody follows up stays open.'),
        ),
        migrations.AddConstraint(
            model_name='alertact',
            constraint=models.UniqueConstraint(condition=models.Q(('closes', True)), fields=('alert',), name='alert_is_closed_once', violation_error_message='Somebody has closed this alert already.'),
        ),
        migrations.AddConstraint(
            model_name='alerttold',
            constraint=models.UniqueConstraint(fields=('alert', 'person', 'stage'), name='told_once_at_each_stage', violation_error_message='This person has been told already.'),
        ),
        migrations.AddConstraint(
            model_name='alerttold',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['first', 'supervisor', 'lead'])), name='told_stage_is_known'),
        ),
    ]
