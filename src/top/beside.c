#include "beside.h"

#include <stdio.h>

void beside_release(struct beside *beside)
{
	power_release(&beside->power);
	kubelets_release(&beside->kubelets);
}

size_t beside_choose_lists(struct sync_list *lists, size_t count)
{
	bool has_nodes = false, shows_usage = false;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kind_is_metrics(lists[i].kind)) {
			shows_usage = true;
			continue;
		}
		has_nodes = has_nodes || lists[i].kind == KIND_NODE;
		lists[kept++] = lists[i];
	}
	if (shows_usage && !has_nodes)
		lists[kept++] = (struct sync_list){ .kind = KIND_NODE };
	return kept;
}

struct right beside_right(void)
{
	return (struct right){ .group = "", .resource = "nodes/proxy", .is_cluster_scoped = true, .verbs = { "get" } };
}

bool beside_knows_nodes(const struct sync_list *lists, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((lists[i].kind == KIND_NODE || lists[i].kind == KIND_POD) && lists[i].state == SYNC_READING)
			return false;
	return true;
}

static void complete_power(struct power *power, const struct cluster *cluster, bool *ret_complete)
{
	if (!power)
		return;
	power_complete(power);
	if (!cluster->metering.error)
		return;
	fprintf(stderr, "warning: power cannot be read: %s\n", cluster->metering.error->message);
	*ret_complete = false;
}

static void complete_kubelets(struct kubelets *kubelets, const struct cluster *cluster, bool *ret_complete)
{
	const struct survey *survey = &cluster->survey;

	if (!kubelets)
		return;
	kubelets_complete(kubelets);
	if (!survey->error.code)
		return;
	fprintf(stderr, "warning: usage of %zu of %zu nodes cannot be read: %s\n", survey->nodes - survey->answered,
		survey->nodes, survey->error.message);
	*ret_complete = false;
}

void beside_complete(struct beside *beside, const struct cluster *cluster, bool *ret_complete)
{
	complete_power(beside->power, cluster, ret_complete);
	complete_kubelets(beside->kubelets, cluster, ret_complete);
}

int beside_turn(struct beside *beside, int timeout_ms)
{
	if (beside->power)
		timeout_ms = power_turn(beside->power, timeout_ms);
	if (beside->kubelets)
		timeout_ms = kubelets_turn(beside->kubelets, timeout_ms);
	return timeout_ms;
}
