import type {CommitSpec} from '../test/helpers/objects.ts';

/*
 * A Django project of two apps, forked: mainline and a branch of two commits both added a migration after users.0002. The
 * branch's own second app depends on its migration, and a test of its names it.
 */
export const HISTORY: readonly CommitSpec[] = [
	{
		branch: 'main',
		message: 'Users and orders',
		files: {
			'manage.py': `#!/usr/bin/env python
import os
import sys

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')

from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
`,
			'settings.py': `SECRET_KEY = 'demo'
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
INSTALLED_APPS = ['users', 'orders']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}
`,
			'.gitignore': 'db.sqlite3\n__pycache__/\n',
			...app('users', 'User'),
			...app('orders', 'Order'),
			'users/migrations/0001_initial.py': migration([], create('User')),
			'users/migrations/0002_name.py': migration([['users', '0001_initial']], add('user', 'name')),
			'orders/migrations/0001_initial.py': migration([], create('Order')),
		},
	},
	{
		branch: 'feature',
		parents: ['main'],
		message: 'A phone number for users',
		files: {'users/migrations/0003_add_phone.py': migration([['users', '0002_name']], add('user', 'phone'))},
	},
	{
		branch: 'feature',
		message: 'Orders keep the phone number',
		files: {
			'users/migrations/0004_phone_verified.py': migration([['users', '0003_add_phone']], add('user', 'phone_verified')),
			'orders/migrations/0002_phone.py': migration(
				[
					['orders', '0001_initial'],
					['users', '0003_add_phone'],
				],
				add('order', 'phone'),
			),
			'users/tests.py': `PHONE = ('users', '0003_add_phone')\n`,
		},
	},
	{
		branch: 'main',
		message: 'An address for mail',
		files: {'users/migrations/0003_add_email.py': migration([['users', '0002_name']], add('user', 'email'))},
	},
];

function app(label: string, model: string): Record<string, string> {
	return {
		[`${label}/__init__.py`]: '',
		[`${label}/models.py`]: `from django.db import models\n\n\nclass ${model}(models.Model):\n    pass\n`,
		[`${label}/migrations/__init__.py`]: '',
	};
}

function migration(dependencies: readonly (readonly [app: string, name: string])[], operation: string): string {
	const list = dependencies.map(([label, name]) => `        ('${label}', '${name}'),\n`).join('');
	return `from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
${list}    ]

    operations = [
${operation}
    ]
`;
}

function create(model: string): string {
	return `        migrations.CreateModel(
            name='${model}',
            fields=[('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID'))],
        ),`;
}

function add(model: string, field: string): string {
	return `        migrations.AddField(
            model_name='${model}',
            name='${field}',
            field=models.CharField(default='', max_length=50),
        ),`;
}
