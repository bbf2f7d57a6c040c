#include <string.h>

#include "../../src/top/view.h"
#include "objects.h"
#include "suite.h"

static const struct {
	const char *text, *levels; /* names, or the error */
} groupings[] = {
	{ "flat", "" },
	{ "zone", "zone" },
	{ "arch,zone", "arch zone" },
	{ "pool,zone,arch", "pool zone arch" },
	{ "zone,zone", "zone zone" },
	{ "example.com/rack", "example.com/rack" },
	{ "zone,rack.name", "zone rack.name" },
	{ "a,b",
		"invalid argument \"a\" for \"--by\" flag: must be zone, arch, pool, flat or the key of a label (as the last)" },
	{ "", "invalid argument \"\" for \"--by\" flag: must be zone, arch, pool, flat or the key of a label (as the last)" },
	{ "zone,",
		"invalid argument \"\" for \"--by\" flag: must be zone, arch, pool, flat or the key of a label (as the last)" },
	{ "zone,flat",
		"invalid argument \"flat\" for \"--by\" flag: must be zone, arch, pool, flat or the key of a label (as the last)" },
	{ "Zone",
		"invalid argument \"Zone\" for \"--by\" flag: must be zone, arch, pool, flat or the key of a label (as the last)" },
	{ "a.b/c,zone",
		"invalid argument \"a.b/c\" for \"--by\" flag: must be zone, arch, pool, flat or the key of a label (as the last)" },
	{ "zone,arch,pool,zone", "--by takes at most 3 properties" },
};

START_TEST(parses_properties_outermost_first)
{
	struct grouping grouping = { 0 };
	struct error err = { 0 };
	AUTO_BUFFER levels = { 0 };

	if (grouping_parse(groupings[_i].text, node_zone_labels, &grouping, &err) < 0) {
		ck_assert_int_eq(err.code, ERROR_USAGE);
		ck_assert_str_eq(err.message, groupings[_i].levels);
		ck_assert_uint_eq(grouping.count, 0);
		return;
	}
	for (size_t i = 0; i < grouping.count; i++)
		buffer_printf(&levels, "%s%s", i ? " " : "", grouping.levels[i].name);
	ck_assert_str_eq(buffer_text(&levels), groupings[_i].levels);
}
END_TEST

static const struct {
	const char *by, *metadata, *value; /* NULL: none */
} values[] = {
	/* the well-known label, its predecessor, then what bare clusters use; an empty one is none */
	{ "zone", "'labels':{'topology.kubernetes.io/zone':'a','failure-domain.beta.kubernetes.io/zone':'b'}", "a" },
	{ "zone", "'labels':{'topology.kubernetes.io/zone':'','failure-domain.beta.kubernetes.io/zone':'b'}", "b" },
	{ "zone", "'labels':{'kubernetes.io/location':'d','kubernetes.io/zone':'c'}", "c" },
	{ "zone", "'labels':{'kubernetes.io/location':'d'}", "d" },
	{ "zone", "'labels':{'zone':'e'}", NULL },
	{ "zone", "'labels':{}", NULL },
	{ "arch", "'labels':{'kubernetes.io/arch':'arm64'}", "arm64" },
	{ "arch", "'labels':{}", NULL },
	{ "pool", "'labels':{'node.kubernetes.io/instance-type':'m5','cloud.google.com/gke-nodepool':'p'}", "p" },
	{ "pool", "'labels':{'node.kubernetes.io/instance-type':'m5'}", "m5" },
	{ "example.com/rack", "'labels':{'example.com/rack':'7'}", "7" },
	{ "example.com/rack", "'labels':{'example.com/rack':''}", NULL },
};

START_TEST(a_node_has_the_value_of_the_first_label)
{
	struct grouping grouping = { 0 };
	struct error err = { 0 };
	AUTO_BUFFER json = { 0 };
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	buffer_printf(&json, "{'metadata':{'name':'n',%s}}", values[_i].metadata);
	objects_put(&cluster, KIND_NODE, buffer_text(&json));
	ck_assert_int_eq(grouping_parse(values[_i].by, node_zone_labels, &grouping, &err), 0);
	ck_assert_pstr_eq(grouping_value(&grouping, 0, cluster_node(&cluster, 0)->node), values[_i].value);
	ck_assert_ptr_null(grouping_value(&grouping, 0, NULL));
}
END_TEST

START_TEST(the_zone_labels_may_be_ones_own)
{
	static const char *const own[] = { "rack", "room", NULL };
	struct grouping grouping = { 0 };
	struct error err = { 0 };
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE,
		"{'metadata':{'name':'n','labels':{'room':'r','topology.kubernetes.io/zone':'z'}}}");
	ck_assert_int_eq(grouping_parse("zone", own, &grouping, &err), 0);
	ck_assert_str_eq(grouping_value(&grouping, 0, cluster_node(&cluster, 0)->node), "r");
}
END_TEST

TEST_MAIN("top/grouping", TEST_TABLE(parses_properties_outermost_first, groupings),
	TEST_TABLE(a_node_has_the_value_of_the_first_label, values), TEST(the_zone_labels_may_be_ones_own))
