#include "clusterutils/kube/access.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/collect.h"
#include "clusterutils/kube/json.h"
#include "clusterutils/util/arena.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"

enum { STEP_MS = 1000, ANSWER_MAX = 1 << 16 };

/* --- the Role --- */

static bool have_equal_verbs(const struct right *a, const struct right *b)
{
	for (size_t i = 0; i <= RIGHT_MAX_VERBS; i++) {
		if (!text_equal(a->verbs[i], b->verbs[i]))
			return false;
		if (!a->verbs[i])
			return true;
	}
	return true;
}

static bool are_of_one_rule(const struct right *a, const struct right *b)
{
	return strcmp(a->group, b->group) == 0 && have_equal_verbs(a, b);
}

static bool was_printed(const struct right *rights, size_t i, const bool *is_wanted)
{
	for (size_t j = 0; j < i; j++)
		if (is_wanted[j] && are_of_one_rule(&rights[j], &rights[i]))
			return true;
	return false;
}

/* Rights of one group with the same verbs become one rule. */
static void add_rules(const struct right *rights, size_t count, const bool *is_wanted, struct buffer *out)
{
	for (size_t i = 0; i < count; i++) {
		const char *separator = "";

		if (!is_wanted[i] || was_printed(rights, i, is_wanted))
			continue;
		buffer_printf(out, "- apiGroups: [\"%s\"]\n  resources: [", rights[i].group);
		for (size_t j = i; j < count; j++) {
			if (!is_wanted[j] || !are_of_one_rule(&rights[i], &rights[j]))
				continue;
			buffer_printf(out, "%s%s", separator, rights[j].resource);
			separator = ", ";
		}
		buffer_add_text(out, "]\n  verbs: [");
		for (size_t j = 0; rights[i].verbs[j]; j++)
			buffer_printf(out, "%s%s", j ? ", " : "", rights[i].verbs[j]);
		buffer_add_text(out, "]\n");
	}
}

static void add_role(const struct right *rights, size_t count, const bool *is_wanted, const char *name,
	const char *namespace, struct buffer *out)
{
	bool has_any = false;

	for (size_t i = 0; i < count; i++)
		has_any = has_any || is_wanted[i];
	if (!has_any)
		return;
	if (out->length)
		buffer_add_text(out, "---\n");
	buffer_printf(out, "apiVersion: rbac.authorization.k8s.io/v1\nkind: %s\nmetadata:\n  name: %s\n",
		namespace ? "Role" : "ClusterRole", name);
	if (namespace)
		buffer_printf(out, "  namespace: %s\n", namespace);
	buffer_add_text(out, "rules:\n");
	add_rules(rights, count, is_wanted, out);
}

void access_print_role(
	const struct right *rights, size_t count, const char *name, const char *namespace, struct buffer *out)
{
	AUTO_FREE bool *is_wanted = memory_new_array(count + 1, sizeof(*is_wanted));

	for (size_t i = 0; i < count; i++)
		is_wanted[i] = !namespace || rights[i].is_cluster_scoped;
	add_role(rights, count, is_wanted, name, NULL, out);
	if (!namespace)
		return;
	for (size_t i = 0; i < count; i++)
		is_wanted[i] = !rights[i].is_cluster_scoped;
	add_role(rights, count, is_wanted, name, namespace, out);
}

/* --- the review --- */

struct review {
	struct right *right;
	const char *verb;
	struct request request;
	struct buffer body, answer;
	struct collector collector;
};

static void add_attribute(struct buffer *out, const char *name, const char *value, size_t length)
{
	if (!length)
		return;
	buffer_printf(out, ",\"%s\":", name);
	quote_json(out, value, length);
}

static void start(struct review *review, struct transport *transport, const char *namespace)
{
	const struct right *right = review->right;
	size_t resource = strcspn(right->resource, "/");
	const char *subresource = right->resource + resource + (right->resource[resource] == '/');

	buffer_printf(&review->body,
		"{\"kind\":\"SelfSubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/v1\",\"spec\":{"
		"\"resourceAttributes\":{\"verb\":\"%s\"",
		review->verb);
	add_attribute(&review->body, "group", right->group, strlen(right->group));
	add_attribute(&review->body, "resource", right->resource, resource);
	add_attribute(&review->body, "subresource", subresource, strlen(subresource));
	if (namespace && !right->is_cluster_scoped)
		add_attribute(&review->body, "namespace", namespace, strlen(namespace));
	buffer_add_text(&review->body, "}}}");
	review->collector = (struct collector){ &review->answer, ANSWER_MAX, "the answer" };
	review->request = (struct request){
		.verb = "POST",
		.path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
		.content_type = "application/json",
		.body = buffer_text(&review->body),
		.body_length = review->body.length,
		.on_bytes = collect,
		.context = &review->collector,
	};
	transport_start(transport, &review->request);
}

static void read_answer(struct review *review)
{
	AUTO_ARENA scratch = { 0 };
	struct error ignored;
	const cJSON *root = json_parse(&scratch, buffer_text(&review->answer), review->answer.length, &ignored);

	if (cJSON_IsTrue(json_find(json_find(root, "status"), "allowed")))
		return;
	review->right->is_allowed = false;
	if (!review->right->missing_verb)
		review->right->missing_verb = review->verb;
}

int access_review(
	struct transport *transport, struct right *rights, size_t count, const char *namespace, struct error *err)
{
	AUTO_FREE struct review *reviews = memory_new_array(count * RIGHT_MAX_VERBS + 1, sizeof(*reviews));
	size_t started = 0;
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		rights[i].is_allowed = true;
		rights[i].missing_verb = NULL;
		for (size_t j = 0; rights[i].verbs[j]; j++) {
			reviews[started].right = &rights[i];
			reviews[started].verb = rights[i].verbs[j];
			start(&reviews[started++], transport, namespace);
		}
	}
	for (size_t i = 0; i < started; i++) {
		while (!reviews[i].request.done)
			transport_step(transport, STEP_MS);
		if (!reviews[i].request.error.code)
			read_answer(&reviews[i]);
		else if (result == 0) {
			*err = reviews[i].request.error;
			result = -1;
		}
		buffer_release(&reviews[i].body);
		buffer_release(&reviews[i].answer);
	}
	return result;
}
