from django.contrib.auth.hashers import make_password
from django.db import migrations, models


def add_the_system_person(apps, schema_editor):
    """In whose name a command for the whole clinic acts. Signs in nowhere, gets no mail."""
    User = apps.get_model('staff', 'User')
    User.objects.get_or_create(
        is_system=True,
        defaults={
            'full_name': 'The system',
            'email': 'system@clinic.invalid',
            'is_active': False,
            'password': make_password(None),
        },
    )


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0003_when_a_job_last_ran'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(condition=models.Q(('is_system', True)), fields=('is_system',), name='there_is_one_system_person', violation_error_message='There is a system person already.'),
        ),
        migrations.RunPython(add_the_system_person, migrations.RunPython.noop),
    ]
