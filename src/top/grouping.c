#include <string.h>

#include "clusterutils/util/text.h"
#include "view.h"

/* What providers and autoscalers call the pool a node belongs to. */
static const char *const pool_labels[] = {
	"karpenter.sh/nodepool",
	"cloud.google.com/gke-nodepool",
	"eks.amazonaws.com/nodegroup",
	"kubernetes.azure.com/agentpool",
	"node.kubernetes.io/pool",
	"node.kubernetes.io/instance-type",
	NULL,
};

static bool is_word(const char *word, size_t length, const char *name)
{
	return strlen(name) == length && memcmp(word, name, length) == 0;
}

/* `word` stays in place as long as the grouping: it is the text of an option. */
static int add_level(
	const char *word, size_t length, const char *const *zone_labels, struct grouping *grouping, struct error *err)
{
	size_t level = grouping->count;

	if (level == GROUPING_MAX)
		return error_set(err, ERROR_USAGE, "--by takes at most %d properties", GROUPING_MAX);
	grouping->count++;
	if (is_word(word, length, "zone")) {
		grouping->levels[level].name = "zone";
		grouping->levels[level].labels = zone_labels;
	} else if (is_word(word, length, "arch")) {
		grouping->levels[level].name = "arch";
	} else if (is_word(word, length, "pool")) {
		grouping->levels[level].name = "pool";
		grouping->levels[level].labels = pool_labels;
	} else if (!word[length] && (strchr(word, '/') || strchr(word, '.'))) {
		grouping->levels[level].name = word;
		grouping->levels[level].own_label[0] = word;
	} else {
		return error_set(err, ERROR_USAGE,
			"invalid argument \"%.*s\" for \"--by\" flag: must be zone, arch, pool, flat or the key of a label (as the last)",
			(int)length, word);
	}
	return 0;
}

int grouping_parse(const char *text, const char *const *zone_labels, struct grouping *ret_grouping, struct error *err)
{
	struct grouping grouping = { 0 };

	if (strcmp(text, "flat") != 0) {
		for (const char *word = text;; word++) {
			size_t length = strcspn(word, ",");

			if (add_level(word, length, zone_labels, &grouping, err) < 0)
				return -1;
			word += length;
			if (!*word)
				break;
		}
	}
	*ret_grouping = grouping;
	return 0;
}

const char *grouping_value(const struct grouping *grouping, size_t level, const struct node *node)
{
	const char *value;

	if (!node)
		return NULL;
	if (grouping->levels[level].own_label[0])
		value = labels_get(node->meta.labels, grouping->levels[level].own_label[0]);
	else if (grouping->levels[level].labels)
		value = node_first_label(node, grouping->levels[level].labels);
	else
		value = node->arch;
	return value && *value ? value : NULL;
}
