import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outcomes', '0003_answers_on_paper_and_by_link'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClinicWording',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('measure', models.CharField(choices=[('phq9', 'PHQ-9'), ('gad7', 'GAD-7'), ('core10', 'CORE-10'), ('wsas', 'WSAS'), ('ucla3', 'UCLA-3')], max_length=10)),
                ('number', models.PositiveSmallIntegerField()),
                ('stem', models.TextField(max_length=1000)),
                ('items', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(max_length=600), size=None)),
                ('labels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, max_length=120), size=None)),
                ('licence', models.TextField(max_length=600)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('measure', '-number'),
            },
        ),
        migrations.CreateModel(
            name='GoalRating',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('value', models.PositiveSmallIntegerField()),
                ('rated_on', models.DateField()),
                ('came', models.CharField(choices=[('typed', 'Typed in'), ('paper', 'From paper'), ('link', 'By link')], default='typed', max_length=5)),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('rated_on', 'entered_at'),
            },
        ),
        migrations.AddField(
            model_name='clinicwording',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='goalrating',
            name='course',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goal_ratings', to='courses.course'),
        ),
        migrations.AddField(
            model_name='goalrating',
            name='entered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='goalrating',
            name='goal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='courses.goal'),
        ),
        migrations.AddField(
            model_name='goalrating',
            name='link',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goal_ratings', to='outcomes.link'),
        ),
        migrations.AddConstraint(
            model_name='clinicwording',
            constraint=models.UniqueConstraint(fields=('measure', 'number'), name='one_wording_a_number', violation_error_message='Somebody has entered a newer wording meanwhile.'),
        ),
        migrations.AddConstraint(
            model_name='clinicwording',
            constraint=models.CheckConstraint(condition=models.Q(('licence', ''), _negated=True), name='wording_has_a_licence', violation_error_message='Say under which licence the clinic uses these words.'),
        ),
        migrations.AddIndex(
            model_name='goalrating',
            index=models.Index(fields=['course', 'goal', 'rated_on'], name='goal_ratings_in_order'),
        ),
        migrations.AddConstraint(
            model_name='goalrating',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0), ('value__lte', 10)), name='goal_rating_in_range', violation_error_message='Rate the goal from 0 to 10.'),
        ),
        migrations.AddConstraint(
            model_name='goalrating',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('came__in', ['typed', 'paper']), ('entered_by__isnull', False), ('link', None)), models.Q(('came', 'link'), ('entered_by', None), ('link__isnull', False)), _connector='OR'), name='goal_rating_came_by_its_link', violation_error_message='A goal was rated by somebody, or by link.'),
        ),
    ]
