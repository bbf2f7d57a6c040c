/* A kubeconfig of any bytes: what is accepted keeps what the struct promises, and its server and proxy can be asked
 * about. No file that it names is touched. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/kube/connection.h"
#include "../../src/kube/pem.h"
#include "clusterutils/kube/proxy.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Texts are NULL or not empty. */
static void check_text(const char *text)
{
	if (text && !*text)
		abort();
}

static void check_message(const struct error *err)
{
	if (!err->message[0] || !text_is_clean(err->message, strcspn(err->message, "\n")))
		abort();
}

/* What a URL is written as is a URL, and written the same. */
static void check_url(const char *text, struct arena *arena)
{
	struct error err = { 0 };
	struct url url, again;
	const char *written;

	if (url_parse(text, arena, &url, &err) < 0) {
		check_message(&err);
		return;
	}
	written = url_text(&url, arena);
	if (url_parse(written, arena, &again, &err) == 0 && strcmp(written, url_text(&again, arena)) != 0)
		abort();
}

static void check_cluster(const struct kubeconfig_cluster *cluster, struct arena *arena)
{
	const char *proxy;
	struct error err = { 0 };
	struct url url;

	check_text(cluster->server);
	check_text(cluster->ca_file);
	if (!cluster->ca.bytes != !cluster->ca.length)
		abort();
	if (cluster->ca.length && pem_check_authority(&cluster->ca, &err) < 0)
		check_message(&err);
	if (cluster->server) {
		check_url(cluster->server, arena);
		if (connection_server_url(cluster->server, true, arena, &url, &err) < 0)
			check_message(&err);
		else if (proxy_for(url_text(&url, arena), cluster->proxy_url, arena, &proxy, &err) < 0)
			check_message(&err);
	}
	if (cluster->proxy_url && connection_check_proxy(cluster->proxy_url, arena, &err) < 0)
		check_message(&err);
}

static void check_user(const struct kubeconfig_user *user)
{
	struct error err = { 0 };

	check_text(user->token);
	check_text(user->token_file);
	for (size_t i = 0; i < user->impersonation.group_count; i++)
		if (!user->impersonation.groups[i])
			abort();
	for (size_t i = 1; i < user->impersonation.extra_count; i++)
		if (strcmp(user->impersonation.extra[i - 1].key, user->impersonation.extra[i].key) >= 0)
			abort();
	if (user->certificate.length && pem_check_pair(&user->certificate, &user->key, &err) < 0)
		check_message(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_ARENA arena = { 0 };
	struct kubeconfig config;
	struct error err = { 0 };

	if (kubeconfig_parse((const char *)data, size, &arena, &config, &err) < 0) {
		check_message(&err);
		return 0;
	}
	for (size_t i = 0; i < config.cluster_count; i++) {
		if (kubeconfig_cluster(&config, config.clusters[i].name) != &config.clusters[i].cluster)
			abort(); /* a name twice */
		check_cluster(&config.clusters[i].cluster, &arena);
	}
	for (size_t i = 0; i < config.user_count; i++)
		check_user(&config.users[i].user);
	for (size_t i = 0; i < config.context_count; i++)
		check_text(config.contexts[i].context.namespace);
	return 0;
}
