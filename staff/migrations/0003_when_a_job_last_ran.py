from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0002_outgoing_mail'),
    ]

    operations = [
        migrations.CreateModel(
            name='LastRun',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('ran_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('name',),
            },
        ),
    ]
