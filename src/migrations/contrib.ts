import type {NodeKey} from './key.ts';

/**
 * The migrations of Django's own apps with what they depend on, the same from Django 3.2 to 6.1: a project may depend
 * on them, and they take part in the order of `migrate`. Written by scripts/contrib-nodes.py.
 */
export const CONTRIB: Readonly<Record<string, Readonly<Record<string, readonly NodeKey[]>>>> = {
	contenttypes: {
		'0001_initial': [],
		'0002_remove_content_type_name': ['contenttypes.0001_initial'],
	},
	auth: {
		'0001_initial': ['contenttypes.__first__'],
		'0002_alter_permission_name_max_length': ['auth.0001_initial'],
		'0003_alter_user_email_max_length': ['auth.0002_alter_permission_name_max_length'],
		'0004_alter_user_username_opts': ['auth.0003_alter_user_email_max_length'],
		'0005_alter_user_last_login_null': ['auth.0004_alter_user_username_opts'],
		'0006_require_contenttypes_0002': ['auth.0005_alter_user_last_login_null', 'contenttypes.0002_remove_content_type_name'],
		'0007_alter_validators_add_error_messages': ['auth.0006_require_contenttypes_0002'],
		'0008_alter_user_username_max_length': ['auth.0007_alter_validators_add_error_messages'],
		'0009_alter_user_last_name_max_length': ['auth.0008_alter_user_username_max_length'],
		'0010_alter_group_name_max_length': ['auth.0009_alter_user_last_name_max_length'],
		'0011_update_proxy_permissions': ['auth.0010_alter_group_name_max_length', 'contenttypes.0002_remove_content_type_name'],
		'0012_alter_user_first_name_max_length': ['auth.0011_update_proxy_permissions'],
	},
	admin: {
		'0001_initial': ['settings.AUTH_USER_MODEL', 'contenttypes.__first__'],
		'0002_logentry_remove_auto_add': ['admin.0001_initial'],
		'0003_logentry_add_action_flag_choices': ['admin.0002_logentry_remove_auto_add'],
	},
	sessions: {
		'0001_initial': [],
	},
	sites: {
		'0001_initial': [],
		'0002_alter_domain_unique': ['sites.0001_initial'],
	},
	flatpages: {
		'0001_initial': ['sites.0001_initial'],
	},
	redirects: {
		'0001_initial': ['sites.0001_initial'],
		'0002_alter_redirect_new_path_help_text': ['redirects.0001_initial'],
	},
};
