/* Equal objects give equal structs in both formats: what a real API server answered, of every kind, decoded from
 * JSON and from protobuf. And what protobuf can say that JSON cannot: each byte cut off, each byte another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/kube/stream.h"
#include "clusterutils/kube/decode.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "dump.h"
#include "objects.h"
#include "recorded.h"
#include "suite.h"

struct target {
	struct cluster cluster;
	struct decoder decoder;
	enum kind kind;
	enum wire wire;
	size_t objects;
	struct buffer versions;
};

static void target_release(struct target *target)
{
	cluster_release(&target->cluster);
	decoder_release(&target->decoder);
	buffer_release(&target->versions);
}

static int put(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct target *target = context;

	ck_assert_int_eq(type, EVENT_ADDED);
	target->objects++;
	if (decode_object(&target->decoder, target->kind, target->wire, bytes, length, &target->cluster, err) < 0)
		return -1;
	buffer_printf(&target->versions, "%s %s\n", kind_info(target->kind)->name, target->decoder.resource_version);
	return 0;
}

static void target_init(struct target *target, enum wire wire)
{
	*target = (struct target){ .wire = wire };
	cluster_init(&target->cluster);
	target->cluster.details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
}

static void read_list(struct target *target, const char *name, enum kind kind)
{
	CLEANUP(stream_release) struct stream stream;
	AUTO_RECORDED body;
	struct error err = { 0 };
	char file[64];

	snprintf(file, sizeof(file), "%s.%s", name, target->wire == WIRE_JSON ? "json" : "pb");
	body = recorded_read(file);
	target->kind = kind;
	stream_init(&stream, target->wire, STREAM_LIST, put, target);
	if (stream_feed(&stream, body.bytes, body.length, &err) < 0 || stream_finish(&stream, &err) < 0)
		ck_abort_msg("%s: %s", file, err.message);
}

static void expect_equal(const char *name, enum kind kind, const char *part)
{
	CLEANUP(target_release) struct target json, protobuf;
	AUTO_BUFFER wanted = { 0 }, found = { 0 };

	target_init(&json, WIRE_JSON);
	target_init(&protobuf, WIRE_PROTOBUF);
	if (kind == KIND_POD_METRICS) { /* samples show in their pods */
		read_list(&json, "pods", KIND_POD);
		read_list(&protobuf, "pods", KIND_POD);
	}
	json.objects = protobuf.objects = 0;
	read_list(&json, name, kind);
	read_list(&protobuf, name, kind);
	ck_assert_uint_gt(json.objects, 0);
	ck_assert_uint_eq(protobuf.objects, json.objects);
	ck_assert_str_eq(buffer_text(&protobuf.versions), buffer_text(&json.versions));
	dump_kind(&json.cluster, kind, &wanted);
	dump_kind(&protobuf.cluster, kind, &found);
	ck_assert_str_eq(buffer_text(&found), buffer_text(&wanted));
	ck_assert_msg(strstr(buffer_text(&found), part) != NULL, "%s: no %s", name, part);
}

/* A part of what must be there, so that both cannot be equal by knowing nothing. */
static const struct {
	enum kind kind;
	const char *part;
} kinds[] = {
	{ KIND_NODE, "\tinternal_ip \"10.0.0.2\"\n\ttaint dedicated=edge 1\n\ttaint slow= 2\n" },
	{ KIND_NODE, "\timage \"app@sha256:1\"\n\timage \"app:1\"\n\timage 2\n\tbytes 123456789\n" },
	{ KIND_NODE, "\tunschedulable 1\n\tconditions 1 2 3 1 2\n" },
	{ KIND_POD, "\towner apps/v1 ReplicaSet three-" },
	{ KIND_POD, "\tnode \"full\"\n\tpriority_class \"low\"\n\treason NULL\n\tcontainer \"first\"\n" },
	{ KIND_POD,
		"\ttoleration = 1 0 9223372036854775807\n\ttoleration dedicated=edge 0 1 9223372036854775807\n"
		"\ttoleration gone= 1 3 0\n\ttoleration left= 0 3 -1\n" },
	{ KIND_POD, "\tnode_selector disk=ssd\n\tnode_selector zone=home\n" },
	{ KIND_POD,
		"\tstatus \"second\"\n\treason \"CrashLoopBackOff\"\n\trestarts 0 exit 0 state 0 role 0 ready 0\n" },
	{ KIND_POD, "\tstatus \"app\"\n\treason NULL\n\trestarts 0 exit -1 state 2 role 0 ready 0\n" },
	{ KIND_POD, "\thas_resources 0 resize_infeasible 1\n\tmessage \"täglich\"\n" },
	{ KIND_POD, "\thas_resources 1 resize_infeasible 0\n" },
	{ KIND_POD, "\tnominated_node \"bare\"\n" },
	{ KIND_POD, "\treason \"Evicted\"\n" },
	{ KIND_POD, "\tpriority -100 statuses 4 phase 1 qos 1 ready 1 mirror 1 never_preempts 1 has 1\n" },
	{ KIND_NAMESPACE, "\tlabel kubernetes.io/metadata.name=wire-placed\n\tlabel team=media\n" },
	{ KIND_REPLICA_SET, "replicas 3 ready_replicas 3 suspended 0\n" },
	{ KIND_DEPLOYMENT, "replicas 0 ready_replicas 0 suspended 0\n" },
	{ KIND_DEPLOYMENT, "replicas 3 ready_replicas 3 suspended 0\n" },
	{ KIND_STATEFUL_SET, "replicas 2 ready_replicas 2 suspended 0\n" },
	{ KIND_DAEMON_SET, "replicas 3 ready_replicas 1 suspended 0\n" },
	{ KIND_JOB, "replicas 2 ready_replicas 0 suspended 0\n" },
	{ KIND_JOB, "suspended 1\n" },
	{ KIND_CRON_JOB, "suspended 1\n" },
	{ KIND_PRIORITY_CLASS, "\tvalue -100 global_default 0 never_preempts 1\n" },
	{ KIND_PRIORITY_CLASS, "\tvalue 0 global_default 1 never_preempts 0\n" },
	{ KIND_POD_DISRUPTION_BUDGET,
		"\tmatch app=three\n\tmatch tier=\n\texpression zone In b a\n\texpression gone DoesNotExist\n"
		"\tmin_available \"0\"\n" },
	{ KIND_POD_DISRUPTION_BUDGET, "\tselector 1\n\tmin_available NULL\n\tmax_unavailable \"50%\"\n" },
	{ KIND_POD_DISRUPTION_BUDGET, "\tselector 0\n" },
	{ KIND_PERSISTENT_VOLUME, "\tserver \"10.0.0.1\"\n\tpath \"/export/a\"\n\thost -1\n\tsource 1 " },
	{ KIND_PERSISTENT_VOLUME,
		"\tclaim_name \"data\"\n\tdriver \"nfs.csi.k8s.io\"\n\tserver \"10.0.0.1\"\n"
		"\tpath \"/export\"\n\thost -1\n\tsource 2 phase 2 reclaim 0\n" },
	{ KIND_PERSISTENT_VOLUME, "\tpath \"/mnt/disk\"\n\thost \"full\"\n\thost \"bare\"\n\thost 2\n\tsource 3 " },
	{ KIND_PERSISTENT_VOLUME, "\tpath \"/var/lib/x\"\n\thost -1\n\tsource 4 " },
	{ KIND_PERSISTENT_VOLUME_CLAIM,
		"\trequest 9000000000\n\tstorage_class \"nfs\"\n\tvolume \"csi\"\n\tphase 2\n" },
	{ KIND_PERSISTENT_VOLUME_CLAIM, "\tstorage_class NULL\n\tvolume NULL\n\tphase 0\n" },
	{ KIND_STORAGE_CLASS, "\tis_default 1 waits_for_first_consumer 1 reclaim 0\n" },
	{ KIND_SERVICE, "\tselector app=web\n\tselector tier=front\n" },
	{ KIND_CSI_NODE,
		"\tdriver disk.example.com 25\n\tdriver nfs.csi.k8s.io -1\n"
		"\tmigrated \"kubernetes.io/gce-pd,kubernetes.io/aws-ebs\"\n" },
	{ KIND_CSI_DRIVER, "\ttracks_capacity 1\n" },
	{ KIND_CSI_DRIVER, "\ttracks_capacity 0\n" },
	{ KIND_CSI_CAPACITY, "\tcapacity 107374182400\n\tlargest 10737418240\n" },
	{ KIND_CSI_CAPACITY, "\tmatch topology.kubernetes.io/zone=north\n" },
	{ KIND_VOLUME_ATTACHMENT, "\tattacher \"disk.example.com\"\n\tnode \"one\"\n\tvolume \"once\"\n" },
	{ KIND_EVENT,
		"\tmessage \"Back-off restarting\"\n\tobject_kind \"Pod\"\n\tobject_namespace \"wire\"\n"
		"\tobject_name \"full\"\n\treporter \"kubelet\"\n\tcount 7\n\tlast_seen 1772368200\n" },
	{ KIND_EVENT, "\treporter \"scheduler.example/one\"\n\tcount 3\n\tlast_seen 1772370000\n" },
	{ KIND_NODE_METRICS, "Node fake\n\tsample cpu " },
	{ KIND_NODE_METRICS, "\twindow_seconds 9\n" },
	{ KIND_POD_METRICS, "\tusage cpu 249966877 memory 201326592\n" },
	{ KIND_POD_METRICS, "\tnewest_sample 17" },
};

/* The same of storage.yaml: what decides where volumes can be. */
static const struct {
	enum kind kind;
	const char *part;
} storage[] = {
	{ KIND_DEPLOYMENT, "\tsurges 1\n\tselector 1\n\tmatch app=web\n\texpression tier NotIn back middle\n" },
	{ KIND_DEPLOYMENT, "\tsurges 0\n\tselector 1\n\tmatch app=db\n" },
	{ KIND_DEPLOYMENT, "\tsurges 0\n\tselector 1\n\tmatch app=one\n" },
	{ KIND_POD_DISRUPTION_BUDGET, "unhealthy_may_go 1\n" },
	{ KIND_POD_DISRUPTION_BUDGET, "unhealthy_may_go 0\n" },
	{ KIND_PERSISTENT_VOLUME, "\tstorage_class \"older\"\n" },
	{ KIND_PERSISTENT_VOLUME, "\tclaim_uid \"11111111-2222-3333-4444-555555555555\"\n\thandle \"disk-7\"\n" },
	{ KIND_PERSISTENT_VOLUME, "\tattributes_class \"gold\"\n\taccess 8 is_block 0\n" },
	{ KIND_PERSISTENT_VOLUME, "\taccess 3 is_block 1\n" },
	{ KIND_PERSISTENT_VOLUME_CLAIM, "\tselected_node \"one\"\n\taccess 8 is_block 1 is_bind_completed 0\n" },
	{ KIND_PERSISTENT_VOLUME_CLAIM, "\tmatch speed=fast\n\texpression side Exists" },
	{ KIND_PERSISTENT_VOLUME_CLAIM, "is_bind_completed 1\n" },
	{ KIND_STORAGE_CLASS, "\thas_binding_mode 1\n" },
};

START_TEST(equal_storage_gives_equal_structs)
{
	char name[64];

	snprintf(name, sizeof(name), "storage-%s", recorded_kind(storage[_i].kind));
	expect_equal(name, storage[_i].kind, storage[_i].part);
}
END_TEST

START_TEST(equal_objects_give_equal_structs)
{
	expect_equal(recorded_kind(kinds[_i].kind), kinds[_i].kind, kinds[_i].part);
}
END_TEST

/* What pods ask of a node, one of each kind. */
static const char *const placed[] = {
	"\trequired_nodes 2\n\tweight 0\n\tlabel zone In 0",
	"\tfield metadata.name NotIn 1",
	"\tpreferred_nodes 1\n\tweight 7\n\tlabel disk DoesNotExist 3",
	"\trequired_pods 1\n\tweight 0\n\ttopology \"zone\"\n\tselector 1\n\tmatch app=cache\n\texpression tier NotIn test\n",
	"\tpreferred_pods 1\n\tweight 9\n\ttopology \"rack\"\n\tselector 0\n\tnamespace_selector 1\n",
	"\tspread \"zone\"\n\tskew 2 min 3 action 0 policies 2 1\n",
	"\tspread \"rack\"\n\tskew 1 min 0 action 1 policies 0 0\n",
	"\tport :8080 0\n\tport 10.0.0.1:5353 1\n",
	"\tvolume \"data\"\n",
	"\tvolume \"bar/foo\"\n\tdetail \"10.0.0.3\"\n",
	"\tscheduler \"another\"\n",
	"\tmarks 7\n",
	"\tcondition PodScheduled=False SchedulingGated ",
};

START_TEST(placement_is_whole)
{
	expect_equal("placed", KIND_POD, placed[_i]);
}
END_TEST

START_TEST(metadata_alone_is_an_object_too)
{
	expect_equal("partial", KIND_REPLICA_SET, "replicas 1 ready_replicas 0 suspended 0\n");
}
END_TEST

/* --- what a server would not write --- */

/* A message in the making: "1{…}" is field 1 with the message in braces, "1'text'", "1=-7" a varint, "1:" four bytes;
 * "1?" a length without its bytes. */
static const char *encode(const char *text, struct buffer *out);

static void add_varint(struct buffer *out, uint64_t number)
{
	for (; number > 0x7F; number >>= 7)
		buffer_add_char(out, (char)(number | 0x80));
	buffer_add_char(out, (char)number);
}

static const char *encode_bytes(const char *text, struct buffer *out)
{
	AUTO_BUFFER inside = { 0 };

	if (*text == '{') {
		text = encode(text + 1, &inside);
	} else {
		size_t length = strcspn(++text, "'");

		buffer_add(&inside, text, length);
		text += length;
	}
	add_varint(out, inside.length);
	buffer_add(out, buffer_text(&inside), inside.length);
	return text + 1;
}

static const char *encode(const char *text, struct buffer *out)
{
	while (*text && *text != '}') {
		char *after;
		unsigned long field = strtoul(text, &after, 10);

		ck_assert_ptr_ne(text, after);
		text = after;
		switch (*text) {
		case '{':
		case '\'':
			add_varint(out, field << 3 | 2);
			text = encode_bytes(text, out);
			break;
		case '=':
			add_varint(out, field << 3);
			add_varint(out, (uint64_t)strtoll(text + 1, &after, 10));
			text = after;
			break;
		case ':':
			add_varint(out, field << 3 | 5);
			buffer_add(out, "\1\2\3\4", 4);
			text++;
			break;
		case '?':
			add_varint(out, field << 3 | 2);
			add_varint(out, 5);
			text++;
			break;
		default:
			ck_abort_msg("no message: %s", text);
		}
		text += strspn(text, " ");
	}
	return text;
}

static int try_message(struct target *target, enum kind kind, const char *text, struct error *err)
{
	AUTO_BUFFER message = { 0 };
	AUTO_FREE char *exact = NULL;

	ck_assert_int_eq(*encode(text, &message), '\0');
	exact = memory_new(message.length);
	if (message.length)
		memcpy(exact, message.bytes, message.length);
	return decode_object(&target->decoder, kind, WIRE_PROTOBUF, exact, message.length, &target->cluster, err);
}

#define META "1{1'p' 3'n'}"

static const struct {
	enum kind kind;
	const char *text, *message;
} refused[] = {
	{ KIND_POD, "", "Pod without a name: metadata.name: the object has no name" },
	{ KIND_POD, "1{}", "Pod without a name: metadata.name: the object has no name" },
	{ KIND_POD, "1{1''}", "Pod without a name: metadata.name: the object has no name" },
	{ KIND_POD, "1?", "Pod without a name: malformed protobuf" },
	{ KIND_POD, "1=1", "Pod without a name: metadata: an object expected" },
	{ KIND_POD, "1'x'", "Pod without a name: metadata: malformed protobuf" },
	{ KIND_POD, "1{1=7}", "Pod without a name: metadata.name: text expected" },
	{ KIND_POD, "1{1'p' 3'n' 5=1}", "Pod n/p: metadata.uid: text expected" },
	{ KIND_POD, "1{1'p' 3'n' 6=1}", "Pod n/p: metadata.resourceVersion: text expected" },
	{ KIND_POD, META " 2=1", "Pod n/p: spec: an object expected" },
	{ KIND_POD, META " 2{10=1}", "Pod n/p: spec.nodeName: text expected" },
	{ KIND_POD, META " 2{25'1'}", "Pod n/p: spec.priority: a whole number expected" },
	{ KIND_POD, META " 2{25:}", "Pod n/p: spec.priority: a whole number expected" },
	{ KIND_POD, META " 2{25=2147483648}", "Pod n/p: spec.priority: the number is out of range" },
	{ KIND_POD, META " 2{2=1}", "Pod n/p: spec.containers[0]: an object expected" },
	{ KIND_POD, META " 2{2{} 2{2=1}}", "Pod n/p: spec.containers[1].image: text expected" },
	{ KIND_POD, META " 2{2{8{2{1'cpu' 2{1'1x'}}}}}",
		"Pod n/p: spec.containers[0].resources.requests.cpu: quantities must match the regular expression "
		"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'" },
	{ KIND_POD, META " 2{2{8{2{1'cpu' 2{1' 1'}}}}}", /* white space is allowed in JSON alone */
		"Pod n/p: spec.containers[0].resources.requests.cpu: quantities must match the regular expression "
		"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'" },
	{ KIND_POD, META " 2{2{8{1{1'cpu' 2{1'-1'}}}}}",
		"Pod n/p: spec.containers[0].resources.limits.cpu: the quantity is negative" },
	{ KIND_POD, META " 2{2{8{1{1'cpu' 2{}}}}}",
		"Pod n/p: spec.containers[0].resources.limits.cpu: a quantity expected" },
	{ KIND_POD, META " 2{2{8{1{1'cpu' 2=1}}}}",
		"Pod n/p: spec.containers[0].resources.limits.cpu: an object expected" },
	{ KIND_POD, META " 2{2{8{1{1=1 2{1'1'}}}}}",
		"Pod n/p: spec.containers[0].resources.limits[0]: a key expected" },
	{ KIND_POD, META " 2{2{8{1{1'a' 2{1'1'}} 1=1}}}",
		"Pod n/p: spec.containers[0].resources.limits[1]: an object expected" },
	{ KIND_POD, META " 2{7{1'a' 2=1}}", "Pod n/p: spec.nodeSelector.a: text expected" },
	{ KIND_POD, META " 2{7'x'}", "Pod n/p: spec.nodeSelector[0]: malformed protobuf" },
	{ KIND_POD, META " 3{8{4'1'}}", "Pod n/p: status.containerStatuses[0].ready: true or false expected" },
	{ KIND_POD, META " 3{8{5=-1}}",
		"Pod n/p: status.containerStatuses[0].restartCount: the number is out of range" },
	{ KIND_POD, META " 3{7=1}", "Pod n/p: status.startTime: an object expected" },
	{ KIND_POD, META " 3{7{1'x'}}", "Pod n/p: status.startTime: a number expected" },
	{ KIND_POD, META " 3{7{1=253402300800}}", "Pod n/p: status.startTime: the time is out of range" },
	{ KIND_POD, META " 3{7{1=-62135596801}}", "Pod n/p: status.startTime: the time is out of range" },
	{ KIND_POD_DISRUPTION_BUDGET, META " 2{1=1}",
		"PodDisruptionBudget n/p: spec.minAvailable: an object expected" },
	{ KIND_POD_DISRUPTION_BUDGET, META " 2{3{1=0 2=-1}}",
		"PodDisruptionBudget n/p: spec.maxUnavailable: the number is out of range" },
	{ KIND_POD_DISRUPTION_BUDGET, META " 2{3{1=2}}",
		"PodDisruptionBudget n/p: spec.maxUnavailable.type: the number is out of range" },
	{ KIND_PERSISTENT_VOLUME, "1{1'p'} 2{2=1}", "PersistentVolume p: spec: an object expected" },
	{ KIND_PERSISTENT_VOLUME, "1{1'p'} 2{2{5=1}}", "PersistentVolume p: spec.nfs: an object expected" },
	{ KIND_NODE, "1{1'p'} 3{8{1'x' 1=5}}", "Node p: status.images[0].names[1]: text expected" },
	{ KIND_NODE_METRICS, "1{1'p'} 4{1'cpu' 2{1'-1n'}}", "NodeMetrics p: usage.cpu: the quantity is negative" },
	{ KIND_POD_METRICS, META " 4{2{}} 4{2=7}", "PodMetrics n/p: containers[1].usage[0]: an object expected" },
};

START_TEST(says_what_is_wrong_and_where)
{
	CLEANUP(target_release) struct target target;
	struct error err = { 0 };

	target_init(&target, WIRE_PROTOBUF);
	ck_assert_int_eq(try_message(&target, refused[_i].kind, refused[_i].text, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].message);
	ck_assert_uint_eq(cluster_count(&target.cluster, refused[_i].kind), 0);
}
END_TEST

static const struct {
	enum kind kind;
	const char *text, *part;
} accepted[] = {
	/* fields that are not known, of every type; numbers beyond those that are indexed */
	{ KIND_POD, "50=1 51:" META "99'x' 64{1=1} 100:", "\tname \"p\"\n" },
	/* the last of a field counts, and of equal keys; keys are sorted */
	{ KIND_POD, META " 2{10'a' 10'b'}", "\tnode \"b\"\n" },
	{ KIND_POD, META " 2{7{1'b' 2'1'} 7{1'a' 2'2'} 7{1'b' 2'3'}}",
		"\tnode_selector a=2\n\tnode_selector b=3\n\tnode_selector 2\n" },
	/* no key and no value */
	{ KIND_POD, META " 2{7{}}", "\tnode_selector =\n" },
	{ KIND_POD, META " 2{2{8{2{1'cpu'}}}}", "\trequests -1\n" },
	/* negative numbers come in ten bytes; a time before 1970; the zero time, empty and in full */
	{ KIND_POD, META " 2{25=-2147483648}", "\tpriority -2147483648 " },
	{ KIND_POD, META " 3{7{1=-1 2=5}}", "\tstarted -1\n" },
	{ KIND_POD, META " 3{7{1=0}}", "\tstarted 0\n" },
	{ KIND_POD, META " 3{7{}}", "\tstarted -9223372036854775808\n" },
	{ KIND_POD, META " 3{7{1=-62135596800}}", "\tstarted -9223372036854775808\n" },
	{ KIND_POD, META " 3{7{1=253402300799}}", "\tstarted 253402300799\n" },
	/* items that others stand between */
	{ KIND_POD, META " 2{2{1'a'} 10'x' 2{1'b'} 3'y' 2{1'c'}}",
		"\tcontainer \"c\"\n\timage \"\"\n\trequests -1\n\tlimits -1\n\trole 0\n\tcontainers 3\n" },
	/* an empty state is there all the same */
	{ KIND_POD, META " 3{8{2{2{}}}}", "state 1 " },
	{ KIND_POD, "1{1'p' 12{1'kubernetes.io/config.mirror'2''}}", "mirror 1 " },
	/* text is scrubbed */
	{ KIND_POD, "1{1'\x1b[2J\xff'}", "\tname \"\xef\xbf\xbd[2J\xef\xbf\xbd\"\n" },
	/* no count of a series is that of the event */
	{ KIND_EVENT, META " 8=4 11{1=0}", "\tcount 4\n" },
	{ KIND_EVENT, META " 8=4 11{1=3}", "\tcount 3\n" },
};

START_TEST(reads_what_is_unusual)
{
	CLEANUP(target_release) struct target target;
	AUTO_BUFFER found = { 0 };
	struct error err = { 0 };

	target_init(&target, WIRE_PROTOBUF);
	if (try_message(&target, accepted[_i].kind, accepted[_i].text, &err) < 0)
		ck_abort_msg("%s: %s", accepted[_i].text, err.message);
	dump_kind(&target.cluster, accepted[_i].kind, &found);
	ck_assert_msg(strstr(buffer_text(&found), accepted[_i].part) != NULL, "no %s in\n%s", accepted[_i].part,
		buffer_text(&found));
}
END_TEST

/* What was made of an object does not depend on those that were read before, however alike they are. */
static int decode_twice(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct target *warm = context;
	CLEANUP(target_release) struct target cold;
	AUTO_BUFFER wanted = { 0 }, found = { 0 };
	const struct meta *meta;

	(void)type;
	target_init(&cold, WIRE_PROTOBUF);
	if (decode_object(&cold.decoder, KIND_POD, WIRE_PROTOBUF, bytes, length, &cold.cluster, err) < 0 ||
		decode_object(&warm->decoder, KIND_POD, WIRE_PROTOBUF, bytes, length, &warm->cluster, err) < 0)
		return -1;
	dump_kind(&cold.cluster, KIND_POD, &wanted);
	dump_kind(&warm->cluster, KIND_POD, &found);
	ck_assert_str_eq(buffer_text(&found), buffer_text(&wanted));
	meta = cluster_item(&cold.cluster, KIND_POD, 0);
	cluster_remove(&warm->cluster, KIND_POD, meta->name, meta->namespace);
	warm->objects++;
	return 0;
}

START_TEST(what_was_read_before_does_not_matter)
{
	static const char *const alike[] = {
		"2{2{1'a' 8{2{1'cpu' 2{1'1'}}}}}",
		"2{20{1'i'} 2{1'a' 8{2{1'cpu' 2{1'1'}}}}}",
		"2{20{1'i' 24'Always' 8{2{1'cpu' 2{1'1'}}}} 2{1'a' 8{2{1'cpu' 2{1'1'}}}}}",
		"2{2{1'a' 8{2{1'cpu' 2{1'1'}}}}} 3{8{1'a' 11{2{1'cpu' 2{1'2'}}}}}",
		"2{2{1'a' 8{2{1'cpu' 2{1'1'}}}}} 3{8{1'a' 11{2{1'cpu' 2{1'3'}}}}}",
		"2{2{1'a' 8{2{1'cpu' 2{1'1'}}}}} 3{8{1'b' 11{2{1'cpu' 2{1'3'}}}}}",
		"2{2{1'a' 8{2{1'cpu' 2{1'1'}}}} 32{1'cpu' 2{1'1'}}}",
		"2{2{1'a' 8{1{1'cpu' 2{1'1'}}}}}",
	};
	CLEANUP(target_release) struct target warm;
	CLEANUP(stream_release) struct stream stream;
	AUTO_RECORDED body = recorded_read("pods.pb");
	struct error err = { 0 };

	target_init(&warm, WIRE_PROTOBUF);
	for (size_t i = 0; i < 3 * ARRAY_LEN(alike); i++) {
		AUTO_BUFFER text = { 0 }, message = { 0 };

		buffer_printf(&text, META "%s", alike[i * 5 % ARRAY_LEN(alike)]);
		encode(buffer_text(&text), &message);
		ck_assert_int_eq(decode_twice(&warm, EVENT_ADDED, message.bytes, message.length, &err), 0);
	}
	stream_init(&stream, WIRE_PROTOBUF, STREAM_LIST, decode_twice, &warm);
	ck_assert_int_eq(stream_feed(&stream, body.bytes, body.length, &err), 0);
	ck_assert_uint_eq(warm.objects, 3 * ARRAY_LEN(alike) + 15);
}
END_TEST

/* A NUL ends a text of C: what stands behind it must not be lost from sight. */
START_TEST(a_nul_hides_nothing)
{
	static const char message[] =
		"\x0a\x05\x0a\x03"
		"a\0b"
		"\x12\x0f\x12\x0d\x42\x0b\x12\x09\x0a\x01" /* spec.containers[0].resources.requests */
		"c\x12\x04\x0a\x02"
		"1\0";
	CLEANUP(target_release) struct target target;
	struct error err = { 0 };

	target_init(&target, WIRE_PROTOBUF);
	ck_assert_int_eq(decode_object(&target.decoder, KIND_POD, WIRE_PROTOBUF, message, sizeof(message) - 1,
				 &target.cluster, &err),
		-1);
	ck_assert_str_eq(err.message,
		"Pod a\xef\xbf\xbd"
		"b: spec.containers[0].resources.requests.c: quantities must match the regular expression "
		"'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
}
END_TEST

/* --- every object, cut off and changed --- */

static int torture(void *context, enum event_type type, const char *bytes, size_t length, struct error *err)
{
	struct target *target = context;
	AUTO_FREE char *copy = memory_new(length);
	struct error refusal;

	(void)type;
	(void)err;
	for (size_t cut = 0; cut < length; cut++) {
		AUTO_FREE char *exact = memory_new(cut);

		if (cut)
			memcpy(exact, bytes, cut);
		if (decode_object(
			    &target->decoder, target->kind, WIRE_PROTOBUF, exact, cut, &target->cluster, &refusal) < 0)
			ck_assert(text_is_clean(refusal.message, strlen(refusal.message)));
	}
	for (size_t at = 0; at < length; at++) {
		memcpy(copy, bytes, length);
		copy[at] = (char)(copy[at] ^ (1 << at % 8));
		if (decode_object(&target->decoder, target->kind, WIRE_PROTOBUF, copy, length, &target->cluster,
			    &refusal) < 0)
			ck_assert(text_is_clean(refusal.message, strlen(refusal.message)));
		target->objects++;
	}
	return 0;
}

static void read_whole(enum kind kind)
{
	CLEANUP(target_release) struct target target;
	CLEANUP(stream_release) struct stream stream;
	AUTO_RECORDED body;
	struct error err = { 0 };
	char file[64];

	target_init(&target, WIRE_PROTOBUF);
	target.kind = kind;
	snprintf(file, sizeof(file), "%s.pb", recorded_kind(target.kind));
	body = recorded_read(file);
	stream_init(&stream, WIRE_PROTOBUF, STREAM_LIST, torture, &target);
	ck_assert_int_eq(stream_feed(&stream, body.bytes, body.length, &err), 0);
	ck_assert_uint_gt(target.objects, 0);
}

START_TEST(nothing_is_read_beyond_its_end)
{
	if (kind_is_stored((enum kind)_i))
		read_whole((enum kind)_i);
}
END_TEST

static const char every_kind[KIND_COUNT];

TEST_MAIN("kube/decode_wire", TEST_TABLE(equal_objects_give_equal_structs, kinds),
	TEST_TABLE(equal_storage_gives_equal_structs, storage), TEST_TABLE(placement_is_whole, placed),
	TEST(metadata_alone_is_an_object_too), TEST_TABLE(says_what_is_wrong_and_where, refused),
	TEST_TABLE(reads_what_is_unusual, accepted), TEST(a_nul_hides_nothing),
	TEST(what_was_read_before_does_not_matter), TEST_TABLE(nothing_is_read_beyond_its_end, every_kind))
