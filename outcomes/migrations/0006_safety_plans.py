import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outcomes', '0005_alerts_by_hand'),
    ]

    operations = [
        migrations.CreateModel(
            name='SafetyPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('warning_signs', models.TextField(blank=True, max_length=4000, verbose_name='warning signs')),
                ('coping', models.TextField(blank=True, max_length=4000, verbose_name='what I can do by myself')),
                ('distraction', models.TextField(blank=True, max_length=4000, verbose_name='people and places that take my mind off it')),
                ('people', models.TextField(blank=True, max_length=4000, verbose_name='family and friends I can ask for help')),
                ('professionals', models.TextField(blank=True, max_length=4000, verbose_name='professionals and services I can call')),
                ('environment', models.TextField(blank=True, max_length=4000, verbose_name='making my surroundings safe')),
                ('reasons', models.TextField(blank=True, max_length=4000, verbose_name='what I live for')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='look at it again on')),
                ('may_share_with', models.TextField(blank=True, max_length=400, verbose_name='with whom it may be shared')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('course', '-number'),
            },
        ),
        migrations.CreateModel(
            name='SafetyPlanCopy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('given_to', models.CharField(choices=[('client', 'The client'), ('family', 'Family or friend'), ('gp', 'The GP'), ('other', 'Somebody else')], max_length=10)),
                ('how', models.CharField(choices=[('printed', 'Printed'), ('written', 'Written out by hand'), ('photo', 'A photo on their phone'), ('post', 'By post'), ('email', 'By email')], max_length=10)),
                ('given_on', models.DateField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('given_on', 'at'),
            },
        ),
        migrations.AddField(
            model_name='safetyplan',
            name='course',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='safety_plans', to='courses.course'),
        ),
        migrations.AddField(
            model_name='safetyplan',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='safetyplancopy',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='safetyplancopy',
            name='course',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.course'),
        ),
        migrations.AddField(
            model_name='safetyplancopy',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='outcomes.safetyplan'),
        ),
        migrations.AddConstraint(
            model_name='safetyplan',
            constraint=models.UniqueConstraint(fields=('course', 'number'), name='one_safety_plan_a_number', violation_error_message='Somebody has saved a newer version of this plan meanwhile.'),
        ),
        migrations.AddConstraint(
            model_name='safetyplan',
            constraint=models.CheckConstraint(condition=models.Q(('coping', ''), ('distraction', ''), ('environment', ''), ('people', ''), ('professionals', ''), ('reasons', ''), ('warning_signs', ''), _negated=True), name='safety_plan_says_something', violation_error_message='Write at least one part of the plan.'),
        ),
    ]
