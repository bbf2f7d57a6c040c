#include "planning.h"

#include <check.h>
#include <string.h>

#include "clusterutils/util/text.h"
#include "objects.h"

struct plan_options planning_options(void)
{
	return (struct plan_options){ .scope = { .max_moves = PASS_UNLIMITED,
					      .max_per_node = PASS_UNLIMITED,
					      .max_per_namespace = PASS_UNLIMITED } };
}

void planning_begin(struct cluster *cluster)
{
	cluster_init(cluster);
	cluster->details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
}

void planning_put_node(struct cluster *cluster, const char *name, unsigned cpu, unsigned memory, unsigned pods,
	const char *arch, const char *spec)
{
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text,
		"{'metadata':{'name':'%s','labels':{'kubernetes.io/hostname':'%s'}},'spec':{'podCIDR':''%s},'status':{"
		"'allocatable':{'cpu':'%u','memory':'%uGi','pods':'%u'},'nodeInfo':{'architecture':'%s'},'conditions':[{"
		"'type':'Ready','status':'True'}]}}",
		name, name, spec, cpu, memory, pods, arch);
	objects_put(cluster, KIND_NODE, buffer_text(&text));
}

static void add_owner(struct buffer *text, const char *owner)
{
	const char *name = strchr(owner, '/');

	if (name)
		buffer_printf(text,
			",'ownerReferences':[{'apiVersion':'apps/v1','kind':'%.*s','name':'%s','uid':'o-%s','controller':"
			"true}]",
			(int)(name - owner), owner, name + 1, name + 1);
}

static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

void planning_put_pod(struct cluster *cluster, const struct planning_pod *pod)
{
	const char *name = strchr(pod->owner, '/');
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text, "{'metadata':{'name':'%s','namespace':'%s','uid':'u-%s','labels':{'app':'%s'}%s",
		pod->name, pod->namespace ? pod->namespace : "web", pod->name, name ? name + 1 : "none",
		or_nothing(pod->meta));
	add_owner(&text, pod->owner);
	buffer_printf(&text, "},'spec':{");
	if (*pod->node)
		buffer_printf(&text, "'nodeName':'%s',", pod->node);
	buffer_printf(&text,
		"'containers':[{'name':'c','image':'%s:1','resources':{'requests':{'cpu':'%um','memory':'%uMi'}}}]%s},"
		"'status':{%s}}",
		name ? name + 1 : "none", pod->cpu, pod->memory, or_nothing(pod->spec),
		pod->status ? pod->status : "'phase':'Running','conditions':[{'type':'Ready','status':'True'}]");
	objects_put(cluster, KIND_POD, buffer_text(&text));
}

void planning_policy(const char *text, struct policy *ret_policy)
{
	const struct policy_source source = { .file = "policy.yaml", .text = text, .length = strlen(text) };
	struct error err = { 0 };

	if (policy_load(&source, POLICY_LENIENT, ret_policy, &err) < 0)
		ck_abort_msg("%s", err.message);
}

const char *planning_text(const struct plan *plan, struct buffer *out)
{
	buffer_clear(out);
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_move *item = &plan->items[i];
		const struct node *to = item->landing.to;

		buffer_printf(out, "%s %s", item->pod->meta.name, item->from ? item->from : "-");
		if (item->landing.withheld == WITHHELD_NOT)
			buffer_printf(out, ">%s\n", to ? to->meta.name : "-");
		else
			buffer_printf(out, " %s\n", withheld_names[item->landing.withheld]);
	}
	return buffer_text(out);
}

const struct pod *planning_pod(const struct cluster *cluster, const char *name)
{
	for (size_t i = 0; i < cluster_count(cluster, KIND_POD); i++)
		if (text_equal(cluster_pod(cluster, i)->meta.name, name))
			return cluster_pod(cluster, i);
	ck_abort_msg("the cluster has no pod %s", name);
}

const struct plan_move *planning_item(const struct plan *plan, const char *pod)
{
	for (size_t i = 0; i < plan->count; i++)
		if (text_equal(plan->items[i].pod->meta.name, pod))
			return &plan->items[i];
	return NULL;
}

const struct plan_node *planning_node(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (text_equal(plan->nodes[i].before.node->meta.name, name))
			return &plan->nodes[i];
	ck_abort_msg("the plan has no node %s", name);
}

size_t planning_count(const struct plan *plan, enum withheld withheld, const char *to)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++) {
		const struct landing *landing = &plan->items[i].landing;

		count += landing->withheld == withheld &&
			(!to || (landing->to && text_equal(landing->to->meta.name, to)));
	}
	return count;
}
