#include "dump.h"

#include <inttypes.h>

#include "clusterutils/model/service.h"

static void add_text(struct buffer *out, const char *name, const char *text)
{
	if (text)
		buffer_printf(out, "\t%s \"%s\"\n", name, text);
	else
		buffer_printf(out, "\t%s NULL\n", name);
}

static void add_number(struct buffer *out, const char *name, int64_t number)
{
	buffer_printf(out, "\t%s %" PRId64 "\n", name, number);
}

static void add_labels(struct buffer *out, const char *name, const struct labels *labels)
{
	for (size_t i = 0; labels && i < labels->count; i++)
		buffer_printf(out, "\t%s %s=%s\n", name, labels->items[i].key, labels->items[i].value);
	add_number(out, name, labels ? (int64_t)labels->count : -1);
}

static void add_texts(struct buffer *out, const char *name, const struct text_list *list)
{
	for (size_t i = 0; list && i < list->count; i++)
		add_text(out, name, list->items[i]);
	add_number(out, name, list ? (int64_t)list->count : -1);
}

static void add_resources(struct buffer *out, const char *name, const struct resource_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		const struct quantity *quantity = &list->items[i].quantity;

		buffer_printf(out, "\t%s %s %d %u", name, list->items[i].name, (int)quantity->sign,
			(unsigned)quantity->format);
		for (size_t limb = 0; limb < QUANTITY_LIMBS; limb++)
			buffer_printf(out, " %x", (unsigned)quantity->limbs[limb]);
		buffer_add_char(out, '\n');
	}
	add_number(out, name, list ? (int64_t)list->count : -1);
}

static void add_amounts(struct buffer *out, const char *name, const struct amounts *amounts)
{
	buffer_printf(out, "\t%s cpu %" PRId64 " memory %" PRId64 "\n", name, amounts->cpu, amounts->memory);
}

static void add_meta(struct buffer *out, const struct meta *meta)
{
	add_text(out, "name", meta->name);
	add_text(out, "namespace", meta->namespace);
	add_text(out, "uid", meta->uid);
	add_labels(out, "label", meta->labels);
	for (size_t i = 0; meta->owners && i < meta->owners->count; i++) {
		const struct owner *owner = &meta->owners->items[i];

		buffer_printf(out, "\towner %s %s %s %s %d\n", owner->api_version, owner->kind, owner->name, owner->uid,
			(int)owner->is_controller);
	}
	add_number(out, "owners", meta->owners ? (int64_t)meta->owners->count : -1);
	add_number(out, "created", meta->created);
	add_number(out, "deleted", meta->deleted);
}

static void add_node(struct buffer *out, const struct node *node)
{
	add_text(out, "arch", node->arch);
	add_text(out, "os_image", node->os_image);
	add_text(out, "kernel", node->kernel);
	add_text(out, "kubelet", node->kubelet);
	add_text(out, "internal_ip", node->internal_ip);
	for (size_t i = 0; node->taints && i < node->taints->count; i++)
		buffer_printf(out, "\ttaint %s=%s %d\n", node->taints->items[i].key, node->taints->items[i].value,
			(int)node->taints->items[i].effect);
	add_number(out, "taints", node->taints ? (int64_t)node->taints->count : -1);
	add_resources(out, "allocatable", node->allocatable_resources);
	add_amounts(out, "allocatable", &node->allocatable);
	add_number(out, "pod_capacity", node->pod_capacity);
	for (size_t i = 0; i < node->image_count; i++) {
		add_texts(out, "image", node->images[i].names);
		add_number(out, "bytes", node->images[i].bytes);
	}
	add_number(out, "unschedulable", node->unschedulable);
	buffer_printf(out, "\tconditions %d %d %d %d %d\n", (int)node->ready, (int)node->memory_pressure,
		(int)node->disk_pressure, (int)node->pid_pressure, (int)node->network_unavailable);
}

static void add_status(struct buffer *out, const struct container_status *status)
{
	add_text(out, "status", status->name);
	add_text(out, "reason", status->reason);
	buffer_printf(out, "\trestarts %u exit %d state %d role %d ready %d\n", (unsigned)status->restarts,
		(int)status->exit_code, status->state, status->role, status->ready);
	if (!status->resources)
		return;
	add_resources(out, "status requests", status->resources->requests);
	add_resources(out, "status limits", status->resources->limits);
	add_resources(out, "status allocated", status->resources->allocated);
}

static void add_rare(struct buffer *out, const struct pod_rare *rare)
{
	add_resources(out, "overhead", rare->overhead);
	add_resources(out, "pod requests", rare->requests);
	add_resources(out, "pod limits", rare->limits);
	buffer_printf(out, "\thas_resources %d resize_infeasible %d\n", rare->has_resources, rare->resize_infeasible);
	add_text(out, "message", rare->message);
	add_text(out, "nominated_node", rare->nominated_node);
	for (size_t i = 0; i < rare->condition_count; i++)
		buffer_printf(out, "\tcondition %s=%s %s %" PRId64 "\n", rare->conditions[i].type,
			rare->conditions[i].status, rare->conditions[i].reason, rare->conditions[i].changed);
	for (size_t i = 0; i < rare->ephemeral_count; i++)
		add_status(out, &rare->ephemerals[i]);
}

static void add_containers(struct buffer *out, const struct container_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		const struct container *container = &list->items[i];

		add_text(out, "container", container->name);
		add_text(out, "image", container->image);
		add_resources(out, "requests", container->requests);
		add_resources(out, "limits", container->limits);
		add_number(out, "role", (int64_t)container->role);
	}
	add_number(out, "containers", list ? (int64_t)list->count : -1);
}

static void add_tolerations(struct buffer *out, const struct toleration_list *list)
{
	for (size_t i = 0; list && i < list->count; i++)
		buffer_printf(out, "\ttoleration %s=%s %u %u %" PRId64 "\n", list->items[i].key, list->items[i].value,
			(unsigned)list->items[i].op, (unsigned)list->items[i].effect, list->items[i].seconds);
	add_number(out, "tolerations", list ? (int64_t)list->count : -1);
}

static void add_selector(struct buffer *out, const char *name, const struct label_selector *selector)
{
	add_number(out, name, selector != NULL);
	for (size_t i = 0; selector && i < selector->label_count; i++)
		buffer_printf(out, "\tmatch %s=%s\n", selector->match_labels[i].key, selector->match_labels[i].value);
	for (size_t i = 0; selector && i < selector->expression_count; i++) {
		const struct label_expression *expression = &selector->match_expressions[i];

		buffer_printf(out, "\texpression %s %s", expression->key, expression->op);
		for (size_t j = 0; j < expression->value_count; j++)
			buffer_printf(out, " %s", expression->values[j]);
		buffer_add_char(out, '\n');
	}
}

static void add_requirements(struct buffer *out, const char *name, const struct node_requirements *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		buffer_printf(
			out, "\t%s %s %s %d", name, list->items[i].key, list->items[i].op_text, (int)list->items[i].op);
		add_texts(out, "", list->items[i].values);
	}
}

static void add_node_terms(struct buffer *out, const char *name, const struct node_terms *terms)
{
	add_number(out, name, terms ? (int64_t)terms->count : -1);
	for (size_t i = 0; terms && i < terms->count; i++) {
		add_number(out, "weight", (int64_t)terms->items[i].weight);
		add_requirements(out, "label", terms->items[i].labels);
		add_requirements(out, "field", terms->items[i].fields);
	}
}

static void add_pod_terms(struct buffer *out, const char *name, const struct pod_terms *terms)
{
	add_number(out, name, terms ? (int64_t)terms->count : -1);
	for (size_t i = 0; terms && i < terms->count; i++) {
		const struct pod_term *term = &terms->items[i];

		add_number(out, "weight", (int64_t)term->weight);
		add_text(out, "topology", term->topology_key);
		add_selector(out, "selector", term->selector);
		add_selector(out, "namespace_selector", term->namespace_selector);
		add_texts(out, "namespaces", term->namespaces);
		add_texts(out, "match_label_keys", term->match_label_keys);
		add_texts(out, "mismatch_label_keys", term->mismatch_label_keys);
	}
}

static void add_spread(struct buffer *out, const struct spread_constraints *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		const struct spread_constraint *constraint = &list->items[i];

		add_text(out, "spread", constraint->topology_key);
		buffer_printf(out, "\tskew %d min %d action %d policies %d %d\n", (int)constraint->max_skew,
			(int)constraint->min_domains, (int)constraint->action, constraint->node_affinity_policy,
			constraint->node_taints_policy);
		add_selector(out, "selector", constraint->selector);
		add_texts(out, "match_label_keys", constraint->match_label_keys);
	}
}

static void add_placement(struct buffer *out, const struct placement *placement)
{
	add_node_terms(out, "required_nodes", placement->required_nodes);
	add_node_terms(out, "preferred_nodes", placement->preferred_nodes);
	add_pod_terms(out, "required_pods", placement->required_pods);
	add_pod_terms(out, "preferred_pods", placement->preferred_pods);
	add_pod_terms(out, "required_anti_pods", placement->required_anti_pods);
	add_pod_terms(out, "preferred_anti_pods", placement->preferred_anti_pods);
	add_spread(out, placement->spread);
	for (size_t i = 0; placement->ports && i < placement->ports->count; i++)
		buffer_printf(out, "\tport %s:%u %u\n", placement->ports->items[i].ip,
			(unsigned)placement->ports->items[i].port, (unsigned)placement->ports->items[i].protocol);
	for (size_t i = 0; placement->volumes && i < placement->volumes->count; i++) {
		const struct pod_volume *volume = &placement->volumes->items[i];

		add_text(out, "volume", volume->name);
		add_texts(out, "detail", volume->detail);
		buffer_printf(out, "\ttype %d read_only %d\n", (int)volume->type, (int)volume->read_only);
	}
	add_texts(out, "resource_claims", placement->resource_claims);
	add_texts(out, "scheduling_gates", placement->scheduling_gates);
	add_text(out, "scheduler", placement->scheduler);
}

static void add_pod(struct buffer *out, const struct pod *pod)
{
	add_text(out, "node", pod->node);
	add_text(out, "priority_class", pod->priority_class);
	add_text(out, "reason", pod->reason);
	add_containers(out, pod->containers);
	add_tolerations(out, pod->tolerations);
	add_labels(out, "node_selector", pod->node_selector);
	for (size_t i = 0; i < pod->status_count; i++)
		add_status(out, &pod->statuses[i]);
	if (pod->rare)
		add_rare(out, pod->rare);
	if (pod->placement)
		add_placement(out, pod->placement);
	add_number(out, "marks", pod->marks);
	add_number(out, "started", pod->started);
	add_amounts(out, "request", &pod->request);
	add_amounts(out, "limit", &pod->limit);
	add_amounts(out, "usage", &pod->usage);
	buffer_printf(out, "\tpriority %d statuses %d phase %d qos %d ready %d mirror %d never_preempts %d has %d\n",
		(int)pod->priority, pod->status_count, pod->phase, pod->qos, pod->ready, pod->mirror,
		pod->never_preempts, pod->has_priority);
}

static void add_workload(struct buffer *out, const struct workload *workload)
{
	buffer_printf(out, "\tkind %d replicas %d ready_replicas %d suspended %d\n", (int)workload->kind,
		(int)workload->replicas, (int)workload->ready_replicas, workload->suspended);
	add_number(out, "surges", workload->surges);
	add_selector(out, "selector", workload->selector);
}

static void add_priority_class(struct buffer *out, const struct priority_class *class)
{
	buffer_printf(out, "\tvalue %d global_default %d never_preempts %d\n", (int)class->value, class->global_default,
		class->never_preempts);
}

static void add_budget(struct buffer *out, const struct disruption_budget *budget)
{
	add_selector(out, "selector", budget->selector);
	add_text(out, "min_available", budget->min_available);
	add_text(out, "max_unavailable", budget->max_unavailable);
	buffer_printf(out, "\tdisruptions_allowed %d current_healthy %d desired_healthy %d unhealthy_may_go %d\n",
		(int)budget->disruptions_allowed, (int)budget->current_healthy, (int)budget->desired_healthy,
		budget->unhealthy_may_go);
}

static void add_volume(struct buffer *out, const struct volume *volume)
{
	add_number(out, "capacity", volume->capacity);
	add_text(out, "storage_class", volume->storage_class);
	add_text(out, "claim_namespace", volume->claim_namespace);
	add_text(out, "claim_name", volume->claim_name);
	add_text(out, "driver", volume->driver);
	add_text(out, "server", volume->server);
	add_text(out, "path", volume->path);
	add_texts(out, "host", volume->hosts);
	buffer_printf(out, "\tsource %d phase %d reclaim %d\n", (int)volume->source, (int)volume->phase,
		(int)volume->reclaim);
	add_text(out, "claim_uid", volume->claim_uid);
	add_text(out, "handle", volume->handle);
	add_node_terms(out, "nodes", volume->nodes);
	add_text(out, "attributes_class", volume->attributes_class);
	buffer_printf(out, "\taccess %u is_block %d\n", volume->access, volume->is_block);
}

static void add_claim(struct buffer *out, const struct claim *claim)
{
	add_number(out, "request", claim->request);
	add_text(out, "storage_class", claim->storage_class);
	add_text(out, "volume", claim->volume);
	add_number(out, "phase", claim->phase);
	add_text(out, "attributes_class", claim->attributes_class);
	add_selector(out, "selector", claim->selector);
	add_text(out, "selected_node", claim->selected_node);
	buffer_printf(out, "\taccess %u is_block %d is_bind_completed %d\n", claim->access, claim->is_block,
		claim->is_bind_completed);
}

static void add_storage_class(struct buffer *out, const struct storage_class *class)
{
	add_text(out, "provisioner", class->provisioner);
	buffer_printf(out, "\tis_default %d waits_for_first_consumer %d reclaim %d\n", class->is_default,
		class->waits_for_first_consumer, (int)class->reclaim);
	add_number(out, "has_binding_mode", class->has_binding_mode);
	add_node_terms(out, "topologies", class->topologies);
}

static void add_csi_node(struct buffer *out, const struct csi_node *node)
{
	for (size_t i = 0; i < node->driver_count; i++)
		buffer_printf(out, "\tdriver %s %d\n", node->drivers[i].name, (int)node->drivers[i].limit);
	add_text(out, "migrated", node->migrated);
}

static void add_csi_capacity(struct buffer *out, const struct csi_capacity *capacity)
{
	add_text(out, "storage_class", capacity->storage_class);
	add_selector(out, "topology", capacity->topology);
	add_number(out, "capacity", capacity->capacity);
	add_number(out, "largest", capacity->largest);
}

static void add_attachment(struct buffer *out, const struct volume_attachment *attachment)
{
	add_text(out, "attacher", attachment->attacher);
	add_text(out, "node", attachment->node);
	add_text(out, "volume", attachment->volume);
}

static void add_event(struct buffer *out, const struct event *event)
{
	add_text(out, "type", event->type);
	add_text(out, "reason", event->reason);
	add_text(out, "message", event->message);
	add_text(out, "object_kind", event->object_kind);
	add_text(out, "object_namespace", event->object_namespace);
	add_text(out, "object_name", event->object_name);
	add_text(out, "reporter", event->reporter);
	add_number(out, "count", event->count);
	add_number(out, "last_seen", event->last_seen);
}

static void add_object(struct buffer *out, enum kind kind, const void *object)
{
	add_meta(out, object);
	switch (kind) {
	case KIND_NODE:
		add_node(out, object);
		break;
	case KIND_POD:
		add_pod(out, object);
		break;
	case KIND_PRIORITY_CLASS:
		add_priority_class(out, object);
		break;
	case KIND_POD_DISRUPTION_BUDGET:
		add_budget(out, object);
		break;
	case KIND_PERSISTENT_VOLUME:
		add_volume(out, object);
		break;
	case KIND_PERSISTENT_VOLUME_CLAIM:
		add_claim(out, object);
		break;
	case KIND_NAMESPACE:
		break;
	case KIND_STORAGE_CLASS:
		add_storage_class(out, object);
		break;
	case KIND_EVENT:
		add_event(out, object);
		break;
	case KIND_SERVICE:
		add_labels(out, "selector", ((const struct service *)object)->selector);
		break;
	case KIND_CSI_NODE:
		add_csi_node(out, object);
		break;
	case KIND_CSI_DRIVER:
		add_number(out, "tracks_capacity", ((const struct csi_driver *)object)->tracks_capacity);
		break;
	case KIND_CSI_CAPACITY:
		add_csi_capacity(out, object);
		break;
	case KIND_VOLUME_ATTACHMENT:
		add_attachment(out, object);
		break;
	default:
		add_workload(out, object);
	}
}

/* Samples lie where their node is, or wait for their pod. */
static void add_nodes(struct buffer *out, const struct cluster *cluster)
{
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		buffer_printf(out, "Node %s\n", entry->name);
		add_amounts(out, "sample", &entry->sample.usage);
		add_number(out, "taken", entry->sample.taken);
		add_number(out, "window_seconds", entry->sample.window_seconds);
		if (entry->node)
			add_object(out, KIND_NODE, entry->node);
	}
	add_number(out, "newest_sample", cluster->newest_sample);
}

void dump_kind(const struct cluster *cluster, enum kind kind, struct buffer *out)
{
	if (kind == KIND_NODE || kind == KIND_NODE_METRICS) {
		add_nodes(out, cluster);
		return;
	}
	for (size_t i = 0; i < cluster_count(cluster, kind == KIND_POD_METRICS ? KIND_POD : kind); i++) {
		buffer_printf(out, "%s %zu\n", kind_info(kind)->name, i);
		add_object(out, kind == KIND_POD_METRICS ? KIND_POD : kind,
			cluster_item(cluster, kind == KIND_POD_METRICS ? KIND_POD : kind, i));
	}
	add_number(out, "newest_sample", cluster->newest_sample);
}
