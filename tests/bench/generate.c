/* Writes a cluster as `kubectl get -o json --show-managed-fields` would: generate NODES PODS_PER_NODE FOLDER makes
 * nodes.json, pods.json, nodes.metrics.json and pods.metrics.json there. With a fourth argument, `api`, lists are as an
 * API server sends them, but for one object a line. The seed is fixed: same numbers, same bytes. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20260301;
static bool is_api;

static unsigned random_below(unsigned bound)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % bound;
}

/* --- indentation: objects are composed compact and written as kubectl indents them --- */

static void indent(FILE *out, int depth)
{
	fprintf(out, "\n%*s", depth * 4, "");
}

static void write_indented(FILE *out, const char *json, int depth)
{
	bool in_string = false;

	for (const char *c = json; *c; c++) {
		if (in_string || *c == '"') {
			putc(*c, out);
			if (*c == '\\')
				putc(*++c, out);
			else if (*c == '"')
				in_string = !in_string;
			continue;
		}
		switch (*c) {
		case '{':
		case '[':
			putc(*c, out);
			if (c[1] == '}' || c[1] == ']')
				putc(*++c, out);
			else
				indent(out, ++depth);
			break;
		case '}':
		case ']':
			indent(out, --depth);
			putc(*c, out);
			break;
		case ',':
			putc(*c, out);
			indent(out, depth);
			break;
		case ':':
			fputs(": ", out);
			break;
		default:
			putc(*c, out);
		}
	}
}

/* --- objects --- */

static char object[32768];

static const char *uid(unsigned kind, unsigned a, unsigned b)
{
	static char text[40];

	snprintf(text, sizeof(text), "%08x-%04x-4000-8000-%012x", a, kind & 0xFFFF, b);
	return text;
}

#define MANAGED_POD \
	"\"managedFields\":[{\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:metadata\":{" \
	"\"f:generateName\":{},\"f:labels\":{\".\":{},\"f:app\":{},\"f:pod-template-hash\":{},\"f:team\":{}}," \
	"\"f:ownerReferences\":{\".\":{},\"k:{\\\"uid\\\":\\\"%s\\\"}\":{}}},\"f:spec\":{\"f:containers\":{" \
	"\"k:{\\\"name\\\":\\\"app\\\"}\":{\".\":{},\"f:image\":{},\"f:imagePullPolicy\":{},\"f:name\":{},\"f:resources\":{" \
	"\".\":{},\"f:limits\":{\".\":{},\"f:memory\":{}},\"f:requests\":{\".\":{},\"f:cpu\":{},\"f:memory\":{}}}," \
	"\"f:terminationMessagePath\":{},\"f:terminationMessagePolicy\":{}}},\"f:dnsPolicy\":{},\"f:enableServiceLinks\":{}," \
	"\"f:priorityClassName\":{},\"f:restartPolicy\":{},\"f:schedulerName\":{},\"f:securityContext\":{}," \
	"\"f:terminationGracePeriodSeconds\":{}}},\"manager\":\"kube-controller-manager\",\"operation\":\"Update\",\"time\":" \
	"\"2026-02-01T08:00:00Z\"},{\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:status\":{" \
	"\"f:conditions\":{\"k:{\\\"type\\\":\\\"ContainersReady\\\"}\":{\".\":{},\"f:lastProbeTime\":{}," \
	"\"f:lastTransitionTime\":{},\"f:status\":{},\"f:type\":{}},\"k:{\\\"type\\\":\\\"Initialized\\\"}\":{\".\":{}," \
	"\"f:lastProbeTime\":{},\"f:lastTransitionTime\":{},\"f:status\":{},\"f:type\":{}},\"k:{\\\"type\\\":\\\"Ready\\\"}\":{" \
	"\".\":{},\"f:lastProbeTime\":{},\"f:lastTransitionTime\":{},\"f:status\":{},\"f:type\":{}}}," \
	"\"f:containerStatuses\":{},\"f:hostIP\":{},\"f:phase\":{},\"f:podIP\":{},\"f:podIPs\":{\".\":{}," \
	"\"k:{\\\"ip\\\":\\\"10.0.0.1\\\"}\":{\".\":{},\"f:ip\":{}}},\"f:startTime\":{}}},\"manager\":\"kubelet\"," \
	"\"operation\":\"Update\",\"subresource\":\"status\",\"time\":\"2026-02-01T08:00:05Z\"}],"

static const char *condition(const char *type, const char *status)
{
	static char texts[8][256];
	static unsigned next;
	char *text = texts[next++ % 8];

	snprintf(text, sizeof(texts[0]),
		"{\"lastProbeTime\":null,\"lastTransitionTime\":\"2026-02-01T08:00:05Z\",\"status\":\"%s\",\"type\":\"%s\"}",
		status, type);
	return text;
}

static void compose_pod(unsigned node, unsigned pod, unsigned per_node)
{
	static const char *const classes[][2] = { { "critical", "1000000" }, { "normal", "100000" },
		{ "best-effort", "10000" } };
	unsigned workload = (node * per_node + pod) / 20, tier = workload % 3, cpu = 10 + 10 * (workload % 40);
	unsigned memory = 16 + 16 * (workload % 60);
	char owner_uid[40], name[64];

	snprintf(owner_uid, sizeof(owner_uid), "%s", uid(2, workload, 7));
	snprintf(name, sizeof(name), "service-%u-7d%08x-%05x", workload, workload * 2654435761U, node * per_node + pod);
	snprintf(object, sizeof(object),
		"{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"creationTimestamp\":\"2026-02-01T08:00:00Z\","
		"\"generateName\":\"service-%u-7d%08x-\",\"labels\":{\"app\":\"service-%u\",\"pod-template-hash\":\"7d%08x\","
		"\"team\":\"team-%u\"}," MANAGED_POD
		"\"name\":\"%s\",\"namespace\":\"space-%u\",\"ownerReferences\":[{\"apiVersion\":\"apps/v1\","
		"\"blockOwnerDeletion\":true,\"controller\":true,\"kind\":\"ReplicaSet\",\"name\":\"service-%u-7d%08x\","
		"\"uid\":\"%s\"}],\"resourceVersion\":\"%u\",\"uid\":\"%s\"},\"spec\":{\"containers\":[{\"image\":"
		"\"registry.example.com/team-%u/service-%u:1.%u\",\"imagePullPolicy\":\"IfNotPresent\",\"name\":\"app\","
		"\"resources\":{\"limits\":{\"memory\":\"%uMi\"},\"requests\":{\"cpu\":\"%um\",\"memory\":\"%uMi\"}},"
		"\"terminationMessagePath\":\"/dev/termination-log\",\"terminationMessagePolicy\":\"File\",\"volumeMounts\":[{"
		"\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\",\"name\":\"kube-api-access-%05x\",\"readOnly\":true"
		"}]}],\"dnsPolicy\":\"ClusterFirst\",\"enableServiceLinks\":true,\"nodeName\":\"node-%04u\",\"preemptionPolicy\":"
		"\"PreemptLowerPriority\",\"priority\":%s,\"priorityClassName\":\"%s\",\"restartPolicy\":\"Always\","
		"\"schedulerName\":\"default-scheduler\",\"securityContext\":{},\"serviceAccount\":\"default\","
		"\"serviceAccountName\":\"default\",\"terminationGracePeriodSeconds\":30,\"tolerations\":[{\"effect\":\"NoExecute\","
		"\"key\":\"node.kubernetes.io/not-ready\",\"operator\":\"Exists\",\"tolerationSeconds\":300},{\"effect\":"
		"\"NoExecute\",\"key\":\"node.kubernetes.io/unreachable\",\"operator\":\"Exists\",\"tolerationSeconds\":300}],"
		"\"volumes\":[{\"name\":\"kube-api-access-%05x\",\"projected\":{\"defaultMode\":420,\"sources\":[{"
		"\"serviceAccountToken\":{\"expirationSeconds\":3607,\"path\":\"token\"}},{\"configMap\":{\"items\":[{\"key\":"
		"\"ca.crt\",\"path\":\"ca.crt\"}],\"name\":\"kube-root-ca.crt\"}},{\"downwardAPI\":{\"items\":[{\"fieldRef\":{"
		"\"apiVersion\":\"v1\",\"fieldPath\":\"metadata.namespace\"},\"path\":\"namespace\"}]}}]}}]},\"status\":{"
		"\"conditions\":[%s,%s,%s,%s],\"containerStatuses\":[{\"containerID\":\"containerd://%s%s\",\"image\":"
		"\"registry.example.com/team-%u/service-%u:1.%u\",\"imageID\":\"registry.example.com/team-%u/service-%u@sha256:%08x"
		"00000000000000000000000000000000000000000000000000000000\",\"lastState\":{},\"name\":\"app\",\"ready\":true,"
		"\"restartCount\":%u,\"started\":true,\"state\":{\"running\":{\"startedAt\":\"2026-02-01T08:00:04Z\"}}}],"
		"\"hostIP\":\"10.1.%u.%u\",\"hostIPs\":[{\"ip\":\"10.1.%u.%u\"}],\"phase\":\"Running\",\"podIP\":\"10.%u.%u.%u\","
		"\"podIPs\":[{\"ip\":\"10.%u.%u.%u\"}],\"qosClass\":\"Burstable\",\"startTime\":\"2026-02-01T08:00:00Z\"}}",
		workload, workload * 2654435761U, workload, workload * 2654435761U, workload % 50, owner_uid, name,
		workload % 200, workload, workload * 2654435761U, owner_uid, 1000 + node * per_node + pod,
		uid(1, node, pod), workload % 50, workload, workload % 9, memory * 2, cpu, memory, pod, node,
		classes[tier][1], classes[tier][0], pod, condition("Initialized", "True"), condition("Ready", "True"),
		condition("ContainersReady", "True"), condition("PodScheduled", "True"), owner_uid, owner_uid,
		workload % 50, workload, workload % 9, workload % 50, workload, workload,
		random_below(20) ? 0 : random_below(9), node / 250, node % 250, node / 250, node % 250, 64 + node / 250,
		node % 250, pod, 64 + node / 250, node % 250, pod);
}

static void compose_images(char *text, size_t size, unsigned node)
{
	size_t used = 0;

	for (unsigned i = 0; i < 50 && used < size; i++) {
		unsigned workload = (node * 13 + i * 97) % 7500;

		used += (size_t)snprintf(text + used, size - used,
			"%s{\"names\":[\"registry.example.com/team-%u/service-%u@sha256:%08x"
			"00000000000000000000000000000000000000000000000000000000\",\"registry.example.com/team-%u/service-%u:1.%u\"],"
			"\"sizeBytes\":%u}",
			i ? "," : "", workload % 50, workload, workload, workload % 50, workload, workload % 9,
			900000000 - i * 15000000);
	}
}

static void compose_node(unsigned node)
{
	static char images[16384];
	bool arm = node % 4 == 3;
	const char *arch = arm ? "arm64" : "amd64";
	unsigned cpu = arm ? 8 : 32;

	compose_images(images, sizeof(images), node);
	snprintf(object, sizeof(object),
		"{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"labels\":{"
		"\"kubernetes.io/arch\":\"%s\",\"kubernetes.io/hostname\":\"node-%04u\",\"kubernetes.io/os\":\"linux\","
		"\"topology.kubernetes.io/zone\":\"zone-%c\"},\"managedFields\":[{\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\","
		"\"fieldsV1\":{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:kubernetes.io/arch\":{},\"f:kubernetes.io/hostname\":{}}},"
		"\"f:status\":{\"f:allocatable\":{\"f:cpu\":{},\"f:memory\":{}},\"f:conditions\":{},\"f:images\":{}}},\"manager\":"
		"\"kubelet\",\"operation\":\"Update\",\"time\":\"2026-02-01T08:00:05Z\"}],\"name\":\"node-%04u\","
		"\"resourceVersion\":\"%u\",\"uid\":\"%s\"},\"spec\":{\"podCIDR\":\"10.%u.%u.0/24\",\"providerID\":\"example:///node-%04u\"%s},"
		"\"status\":{\"addresses\":[{\"address\":\"10.1.%u.%u\",\"type\":\"InternalIP\"},{\"address\":\"node-%04u\",\"type\":"
		"\"Hostname\"}],\"allocatable\":{\"cpu\":\"%u\",\"ephemeral-storage\":\"100Gi\",\"memory\":\"%uKi\",\"pods\":\"110\"},"
		"\"capacity\":{\"cpu\":\"%u\",\"ephemeral-storage\":\"110Gi\",\"memory\":\"%uKi\",\"pods\":\"110\"},\"conditions\":["
		"%s,%s,%s,%s],\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":10250}},\"images\":[%s],\"nodeInfo\":{"
		"\"architecture\":\"%s\",\"bootID\":\"\",\"containerRuntimeVersion\":\"containerd://2.1.5\",\"kernelVersion\":\"6.12.0\","
		"\"kubeProxyVersion\":\"\",\"kubeletVersion\":\"v1.34.4\",\"machineID\":\"\",\"operatingSystem\":\"linux\",\"osImage\":"
		"\"Debian GNU/Linux 12 (bookworm)\",\"systemUUID\":\"\"}}}",
		arch, node, (int)('a' + node % 3), node, 500 + node, uid(3, node, 0), 64 + node / 250, node % 250, node,
		node % 50 == 49 ? ",\"unschedulable\":true" : "", node / 250, node % 250, node, cpu,
		cpu * 4 * 1024 * 1024, cpu, cpu * 4 * 1024 * 1024, condition("MemoryPressure", "False"),
		condition("DiskPressure", "False"), condition("PIDPressure", "False"), condition("Ready", "True"),
		images, arch);
}

/* --- files --- */

static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	if (!out) {
		perror(path);
		exit(1);
	}
	return out;
}

static void finish(FILE *out)
{
	if (ferror(out) | fclose(out)) {
		perror("generate");
		exit(1);
	}
}

/* The items of an API server have neither kind nor version of their own. */
static void write_api_list(FILE *out, const char *json, unsigned long i, const char *kind)
{
	if (i)
		fputs(",\n{", out);
	else
		fprintf(out,
			"{\"kind\":\"%sList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1000000\"},\"items\":[\n{",
			kind);
	fputs(strstr(json, "\"metadata\""), out);
}

static void write_list(FILE *out, const char *json, unsigned long i, const char *kind)
{
	if (is_api) {
		write_api_list(out, json, i, kind);
		return;
	}
	fputs(i ? ",\n        " : "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        ", out);
	write_indented(out, json, 2);
}

static void end_list(FILE *out)
{
	if (is_api) {
		fputs("\n]}\n", out);
		return;
	}
	fputs("\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n",
		out);
}

static void write_metrics(const char *folder, unsigned nodes, unsigned per_node)
{
	FILE *node_out = create(folder, "nodes.metrics.json"), *pod_out = create(folder, "pods.metrics.json");
	const char *head =
		"{\"kind\":\"%sMetricsList\",\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"metadata\":{},\"items\":[";

	fprintf(node_out, head, "Node");
	fprintf(pod_out, head, "Pod");
	for (unsigned node = 0; node < nodes; node++) {
		fprintf(node_out,
			"%s{\"metadata\":{\"name\":\"node-%04u\"},\"timestamp\":\"2026-03-01T11:59:40Z\",\"window\":\"20s\",\"usage\":{"
			"\"cpu\":\"%u%06un\",\"memory\":\"%uKi\"}}",
			node ? "," : "", node, 1000 + random_below(5000), random_below(1000000),
			8000000 + random_below(20000000));
		for (unsigned pod = 0; pod < per_node; pod++) {
			unsigned workload = (node * per_node + pod) / 20;

			fprintf(pod_out,
				"%s{\"metadata\":{\"name\":\"service-%u-7d%08x-%05x\",\"namespace\":\"space-%u\"},\"timestamp\":"
				"\"2026-03-01T11:59:40Z\",\"window\":\"20s\",\"containers\":[{\"name\":\"app\",\"usage\":{\"cpu\":\"%un\","
				"\"memory\":\"%uKi\"}}]}",
				node || pod ? "," : "", workload, workload * 2654435761U, node * per_node + pod,
				workload % 200, 1000000 + random_below(300000000), 10000 + random_below(500000));
		}
	}
	fputs("]}\n", node_out);
	fputs("]}\n", pod_out);
	finish(node_out);
	finish(pod_out);
}

int main(int argc, char **argv)
{
	unsigned nodes, per_node;
	FILE *out;

	if (argc != 4 && argc != 5) {
		fputs("usage: generate NODES PODS_PER_NODE FOLDER [api]\n", stderr);
		return 2;
	}
	is_api = argc == 5;
	nodes = (unsigned)strtoul(argv[1], NULL, 10);
	per_node = (unsigned)strtoul(argv[2], NULL, 10);
	out = create(argv[3], "nodes.json");
	for (unsigned node = 0; node < nodes; node++) {
		compose_node(node);
		write_list(out, object, node, "Node");
	}
	end_list(out);
	finish(out);
	out = create(argv[3], "pods.json");
	for (unsigned node = 0; node < nodes; node++) {
		for (unsigned pod = 0; pod < per_node; pod++) {
			compose_pod(node, pod, per_node);
			write_list(out, object, (unsigned long)node * per_node + pod, "Pod");
		}
	}
	end_list(out);
	finish(out);
	write_metrics(argv[3], nodes, per_node);
	return 0;
}
