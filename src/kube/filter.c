#include "filter.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/text.h"
#include "json.h"

/* Which fields a server can select by. Source: AddFieldLabelConversionFunc in k8s.io/kubernetes/pkg/apis. */
static const char *const common_fields[] = { "metadata.name", "metadata.namespace", NULL };
static const char *const pod_fields[] = { "spec.nodeName", "spec.restartPolicy", "spec.schedulerName",
	"spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
	NULL };
static const char *const node_fields[] = { "spec.unschedulable", NULL };
static const char *const event_fields[] = { "involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
	"involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
	"reason", "reportingComponent", "source", "type", NULL };
static const char *const replica_set_fields[] = { "status.replicas", NULL };
static const char *const job_fields[] = { "status.successful", NULL };

static bool is_listed(const char *field, const char *const *fields)
{
	for (; *fields; fields++)
		if (strcmp(*fields, field) == 0)
			return true;
	return false;
}

static bool is_supported(enum kind kind, const char *field)
{
	if (is_listed(field, common_fields))
		return true;
	switch (kind) {
	case KIND_POD:
		return is_listed(field, pod_fields);
	case KIND_NODE:
		return is_listed(field, node_fields);
	case KIND_EVENT:
		return is_listed(field, event_fields);
	case KIND_REPLICA_SET:
		return is_listed(field, replica_set_fields);
	case KIND_JOB:
		return is_listed(field, job_fields);
	default:
		return false;
	}
}

int filter_init(
	struct filter *filter, enum kind kind, const char *namespace, const struct request *request, struct error *err)
{
	*filter = (struct filter){ .kind = kind, .namespace = namespace };
	for (size_t i = 0; i < request->parameter_count; i++) {
		const struct request_parameter *parameter = &request->parameters[i];
		int result = 0;

		if (strcmp(parameter->name, "labelSelector") == 0)
			result = selector_parse(parameter->value, &filter->labels, err);
		else if (strcmp(parameter->name, "fieldSelector") == 0)
			result = field_selector_parse(parameter->value, &filter->fields, err);
		if (result < 0)
			return -1;
	}
	for (size_t i = 0; i < filter->fields.count; i++)
		if (!is_supported(kind, filter->fields.terms[i].field))
			return error_set(
				err, ERROR_INVALID, "field label not supported: %s", filter->fields.terms[i].field);
	filter->is_trivial = !*namespace && selector_is_everything(&filter->labels) && filter->fields.count == 0;
	return 0;
}

void filter_release(struct filter *filter)
{
	selector_release(&filter->labels);
	field_selector_release(&filter->fields);
}

static const cJSON *member_of(const cJSON *object, const char *key, size_t length)
{
	for (const cJSON *member = object ? object->child : NULL; member; member = member->next)
		if (member->string && strlen(member->string) == length && memcmp(member->string, key, length) == 0)
			return member;
	return NULL;
}

/* "spec.nodeName" in the tree. The source of an event is its component. */
static const char *lookup(const void *object, const char *field)
{
	const cJSON *value = object;

	for (;;) {
		size_t length = strcspn(field, ".");

		value = member_of(value, field, length);
		field += length;
		if (!*field)
			break;
		field++;
	}
	if (cJSON_IsObject(value))
		value = member_of(value, "component", strlen("component"));
	if (cJSON_IsBool(value))
		return cJSON_IsTrue(value) ? "true" : "false";
	return value && cJSON_IsString(value) ? value->valuestring : NULL;
}

static int compare_labels(const void *a, const void *b)
{
	return strcmp(((const struct label *)a)->key, ((const struct label *)b)->key);
}

static const struct labels *labels_of(const cJSON *object, struct arena *scratch)
{
	const cJSON *map = member_of(member_of(object, "metadata", 8), "labels", 6);
	struct labels *labels;
	size_t room = 0;

	for (const cJSON *member = map ? map->child : NULL; member; member = member->next)
		room++;
	labels = arena_alloc(scratch, sizeof(*labels) + room * sizeof(labels->items[0]));
	labels->count = 0;
	for (const cJSON *member = map ? map->child : NULL; member; member = member->next)
		if (member->string && cJSON_IsString(member))
			labels->items[labels->count++] = (struct label){ member->string, member->valuestring };
	qsort(labels->items, labels->count, sizeof(labels->items[0]), compare_labels);
	return labels;
}

bool filter_matches(const struct filter *filter, const char *json, size_t length, struct arena *scratch)
{
	const cJSON *object;
	const char *namespace;
	struct error ignored;

	if (filter->is_trivial)
		return true;
	object = json_parse(scratch, json, length, &ignored);
	if (!object)
		return true; /* whoever decodes it will say what is wrong */
	namespace = lookup(object, "metadata.namespace");
	if (*filter->namespace && !text_equal(namespace, filter->namespace))
		return false;
	if (!field_selector_matches(&filter->fields, lookup, object))
		return false;
	return selector_is_everything(&filter->labels) || selector_matches(&filter->labels, labels_of(object, scratch));
}
