/* Which files, in which order, and what of them counts. */
#include "kubeconfig_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

static bool same_name(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

const struct kubeconfig_cluster *kubeconfig_cluster(const struct kubeconfig *config, const char *name)
{
	for (size_t i = 0; i < config->cluster_count; i++)
		if (same_name(config->clusters[i].name, name))
			return &config->clusters[i].cluster;
	return NULL;
}

const struct kubeconfig_user *kubeconfig_user(const struct kubeconfig *config, const char *name)
{
	for (size_t i = 0; i < config->user_count; i++)
		if (same_name(config->users[i].name, name))
			return &config->users[i].user;
	return NULL;
}

const struct kubeconfig_context *kubeconfig_context(const struct kubeconfig *config, const char *name)
{
	for (size_t i = 0; i < config->context_count; i++)
		if (same_name(config->contexts[i].name, name))
			return &config->contexts[i].context;
	return NULL;
}

/* --- one file --- */

static void resolve(const char **path, const char *base, struct arena *arena)
{
	if (*path)
		*path = file_resolve(base, *path, arena);
}

static int resolve_paths(struct kubeconfig *config, const char *file, struct arena *arena, struct error *err)
{
	const char *base;

	if (file_absolute(file_folder(file, arena), arena, &base, err) < 0)
		return -1;
	for (size_t i = 0; i < config->cluster_count; i++)
		resolve(&config->clusters[i].cluster.ca_file, base, arena);
	for (size_t i = 0; i < config->user_count; i++) {
		struct kubeconfig_user *user = &config->users[i].user;

		resolve(&user->certificate_file, base, arena);
		resolve(&user->key_file, base, arena);
		resolve(&user->token_file, base, arena);
		/* A bare name is looked up in PATH. */
		if (user->exec && user->exec->command && strchr(user->exec->command, '/'))
			resolve(&user->exec->command, base, arena);
	}
	return 0;
}

/* --- all files: whole entries, and of equal names the first --- */

static void merge(struct kubeconfig *all, const struct kubeconfig *file, struct arena *arena)
{
	size_t clusters = all->cluster_count + file->cluster_count, users = all->user_count + file->user_count;
	size_t contexts = all->context_count + file->context_count;
	struct kubeconfig merged = {
		.clusters = ARENA_ARRAY(arena, clusters + 1, struct kubeconfig_named_cluster),
		.users = ARENA_ARRAY(arena, users + 1, struct kubeconfig_named_user),
		.contexts = ARENA_ARRAY(arena, contexts + 1, struct kubeconfig_named_context),
		.cluster_count = all->cluster_count,
		.user_count = all->user_count,
		.context_count = all->context_count,
		.current_context = all->current_context ? all->current_context : file->current_context,
	};

	for (size_t i = 0; i < all->cluster_count; i++)
		merged.clusters[i] = all->clusters[i];
	for (size_t i = 0; i < all->user_count; i++)
		merged.users[i] = all->users[i];
	for (size_t i = 0; i < all->context_count; i++)
		merged.contexts[i] = all->contexts[i];
	for (size_t i = 0; i < file->cluster_count; i++)
		if (!kubeconfig_cluster(all, file->clusters[i].name))
			merged.clusters[merged.cluster_count++] = file->clusters[i];
	for (size_t i = 0; i < file->user_count; i++)
		if (!kubeconfig_user(all, file->users[i].name))
			merged.users[merged.user_count++] = file->users[i];
	for (size_t i = 0; i < file->context_count; i++)
		if (!kubeconfig_context(all, file->contexts[i].name))
			merged.contexts[merged.context_count++] = file->contexts[i];
	*all = merged;
}

/* The errors of all files, as kubectl prints them: one alone after "error: ", several as lines of their own. */
static void add_error(struct error *all, size_t count, const struct error *one)
{
	if (count == 0)
		*all = *one;
	else
		error_add_line(all, "%s", one->message);
	if (count > 0)
		all->is_whole_line = true;
}

struct loading {
	struct arena *arena;
	struct kubeconfig *config;
	struct error *err;
	size_t failed;
};

/* False where the file is not there. */
static bool load_file(struct loading *loading, const char *path, const char *said_path)
{
	struct kubeconfig file;
	AUTO_BUFFER bytes = { 0 };
	struct error err = { 0 };

	if (file_read(path, KUBECONFIG_MAX_SIZE, &bytes, &err) < 0) {
		if (err.code == ERROR_NOT_FOUND)
			return false;
	} else if (kubeconfig_parse(bytes.bytes, bytes.length, loading->arena, &file, &err) == 0 &&
		resolve_paths(&file, said_path, loading->arena, &err) == 0) {
		merge(loading->config, &file, loading->arena);
		return true;
	}
	error_wrap(&err, "error loading config file \"%s\"", said_path);
	add_error(loading->err, loading->failed++, &err);
	return true;
}

/* Upstream copies the file of long ago to where it belongs; it is read in place here, as if it were there. */
static void load_home(struct loading *loading)
{
	const char *home = getenv("HOME");
	const char *path = home && *home
		? file_clean(arena_printf(loading->arena, "%s/.kube/config", home), loading->arena)
		: ".kube/config";

	if (!load_file(loading, path, path))
		load_file(loading, arena_printf(loading->arena, "%s/.kubeconfig", file_folder(path, loading->arena)),
			path);
}

static bool is_repeated(const char *list, const char *item, size_t length)
{
	while (list < item) {
		size_t other = strcspn(list, ":");

		if (other == length && memcmp(list, item, length) == 0)
			return true;
		list += other + 1;
	}
	return false;
}

static void load_list(struct loading *loading, const char *list)
{
	for (const char *item = list;;) {
		size_t length = strcspn(item, ":");

		if (length && !is_repeated(list, item, length)) {
			const char *path = arena_copy(loading->arena, item, length);

			load_file(loading, path, path);
		}
		if (!item[length])
			return;
		item += length + 1;
	}
}

int kubeconfig_load(const char *explicit_path, struct arena *arena, struct kubeconfig *ret_config, struct error *err)
{
	const char *list = getenv("KUBECONFIG");
	struct loading loading = { arena, ret_config, err, 0 };
	struct stat status;

	*ret_config = (struct kubeconfig){ 0 };
	if (explicit_path && *explicit_path) {
		if (stat(explicit_path, &status) < 0 && errno == ENOENT)
			return error_set(err, ERROR_NOT_FOUND, "stat %s: no such file or directory", explicit_path);
		load_file(&loading, explicit_path, explicit_path);
	} else if (list && *list) {
		load_list(&loading, list);
	} else {
		load_home(&loading);
	}
	return loading.failed ? -1 : 0;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int kubeconfig_contexts(const struct connection_flags *flags, struct arena *arena, const char ***ret_names,
	size_t *ret_count, const char **ret_current, struct error *err)
{
	struct kubeconfig config;

	if (kubeconfig_load(flags->kubeconfig, arena, &config, err) < 0)
		return -1;
	*ret_names = ARENA_ARRAY(arena, config.context_count + 1, const char *);
	for (size_t i = 0; i < config.context_count; i++)
		(*ret_names)[i] = config.contexts[i].name ? config.contexts[i].name : "";
	if (config.context_count)
		qsort(*ret_names, config.context_count, sizeof(**ret_names), compare_texts);
	*ret_count = config.context_count;
	*ret_current = config.current_context;
	return 0;
}
