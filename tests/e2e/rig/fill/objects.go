package main

import (
	"fmt"
	"math/rand"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

var (
	now   = metav1.NewTime(time.Now().Truncate(time.Second))
	yes   = true
	grace = int64(30)
)

type tier struct {
	name  string
	value int32
}

var tiers = []tier{{"critical", 1_000_000}, {"normal", 100_000}, {"best-effort", 10_000}}

// What one pod asks for and uses. "" is not set.
var shapes = []struct {
	cpu, memory, cpuLimit, memoryLimit, usageCPU, usageMemory string
	sidecar                                                   bool
}{
	{"100m", "128Mi", "", "", "37m", "91Mi", false},
	{"250m", "256Mi", "500m", "512Mi", "120m", "301Mi", false},
	{"50m", "64Mi", "", "96Mi", "3m", "40Mi", true},
	{"1", "1Gi", "2", "1Gi", "1100m", "700Mi", false},
	{"", "", "", "", "11m", "23Mi", false},
	{"0.5", "1000M", "", "2000M", "260m", "512M", true},
}

func meta(random *rand.Rand, namespace, name string, labels map[string]string) metav1.ObjectMeta {
	var uid [16]byte
	random.Read(uid[:])
	text := fmt.Sprintf("%x-%x-%x-%x-%x", uid[:4], uid[4:6], uid[6:8], uid[8:10], uid[10:])
	return metav1.ObjectMeta{
		Namespace: namespace, Name: name, UID: types.UID(text), CreationTimestamp: now, Labels: labels,
	}
}

func nodeName(i int) string      { return fmt.Sprintf("node-%05d", i) }
func namespaceName(i int) string { return fmt.Sprintf("team-%02d", i) }

func priorityClass(random *rand.Rand, tier tier) *schedulingv1.PriorityClass {
	preempt := corev1.PreemptLowerPriority
	return &schedulingv1.PriorityClass{
		ObjectMeta: meta(random, "", tier.name, nil), Value: tier.value, PreemptionPolicy: &preempt,
	}
}

func namespace(random *rand.Rand, i int) *corev1.Namespace {
	name := namespaceName(i)
	return &corev1.Namespace{
		ObjectMeta: meta(random, "", name, map[string]string{"kubernetes.io/metadata.name": name}),
		Spec:       corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{corev1.FinalizerKubernetes}},
		Status:     corev1.NamespaceStatus{Phase: corev1.NamespaceActive},
	}
}

func node(random *rand.Rand, i, kubeletPort int) *corev1.Node {
	name, arch := nodeName(i), "amd64"
	if i%5 == 4 {
		arch = "arm64"
	}
	room := list("16", "64Gi")
	room[corev1.ResourcePods] = resource.MustParse("110")
	room[corev1.ResourceEphemeralStorage] = resource.MustParse("100Gi")
	node := &corev1.Node{ObjectMeta: meta(random, "", name, map[string]string{
		"kubernetes.io/arch": arch, "kubernetes.io/os": "linux", "kubernetes.io/hostname": name,
		"topology.kubernetes.io/zone":      fmt.Sprintf("zone-%d", i%3),
		"node.kubernetes.io/instance-type": "large",
	})}
	// Where metrics-server asks for its usage.
	node.Annotations = map[string]string{"metrics.k8s.io/resource-metrics-path": "/metrics/nodes/" + name + "/metrics/resource"}
	node.Status = corev1.NodeStatus{
		Phase: corev1.NodeRunning, Capacity: room, Allocatable: room,
		Addresses: []corev1.NodeAddress{
			{Type: corev1.NodeInternalIP, Address: "127.0.0.1"}, {Type: corev1.NodeHostName, Address: name}},
		NodeInfo: corev1.NodeSystemInfo{KubeletVersion: "v1.36.3", OperatingSystem: "linux", Architecture: arch,
			ContainerRuntimeVersion: "containerd://2.1.5", OSImage: "Debian GNU/Linux 13 (trixie)", KernelVersion: "6.12.63"},
		Conditions: []corev1.NodeCondition{
			condition(corev1.NodeReady, corev1.ConditionTrue, "KubeletReady"),
			condition(corev1.NodeMemoryPressure, corev1.ConditionFalse, "KubeletHasSufficientMemory"),
			condition(corev1.NodeDiskPressure, corev1.ConditionFalse, "KubeletHasNoDiskPressure"),
			condition(corev1.NodePIDPressure, corev1.ConditionFalse, "KubeletHasSufficientPID"),
		},
	}
	node.Status.DaemonEndpoints.KubeletEndpoint.Port = int32(kubeletPort)
	return node
}

func condition(kind corev1.NodeConditionType, status corev1.ConditionStatus, reason string) corev1.NodeCondition {
	return corev1.NodeCondition{
		Type: kind, Status: status, Reason: reason, LastHeartbeatTime: now, LastTransitionTime: now,
	}
}

func lease(random *rand.Rand, i int) *coordinationv1.Lease {
	name, seconds, renewed := nodeName(i), int32(40), metav1.NewMicroTime(now.Time)
	return &coordinationv1.Lease{ObjectMeta: meta(random, "kube-node-lease", name, nil),
		Spec: coordinationv1.LeaseSpec{HolderIdentity: &name, LeaseDurationSeconds: &seconds, RenewTime: &renewed}}
}

func list(cpu, memory string) corev1.ResourceList {
	resources := corev1.ResourceList{}
	if cpu != "" {
		resources[corev1.ResourceCPU] = resource.MustParse(cpu)
	}
	if memory != "" {
		resources[corev1.ResourceMemory] = resource.MustParse(memory)
	}
	return resources
}

// A Deployment, its one ReplicaSet, and how to make its pods.
type app struct {
	namespace, name string
	waiting         bool
	deployment      *appsv1.Deployment
	replicaSet      *appsv1.ReplicaSet
}

const templateHash = "5d8f9c7b6d"

// newApp makes the app with this number, to which the pods from first to before end belong.
func newApp(random *rand.Rand, d, first, end int) *app {
	a := &app{namespace: namespaceName(d % namespaces), name: fmt.Sprintf("app-%05d", d), waiting: d%20 == 19}
	replicas := 0
	for i := first; i < end; i++ {
		if !a.hasFinished(i) {
			replicas++
		}
	}
	count, ready, history, deadline := int32(replicas), int32(replicas), int32(10), int32(600)
	if a.waiting {
		ready = 0
	}
	labels := map[string]string{"app": a.name}
	hashed := map[string]string{"app": a.name, "pod-template-hash": templateHash}

	a.deployment = &appsv1.Deployment{
		ObjectMeta: meta(random, a.namespace, a.name, labels),
		Spec: appsv1.DeploymentSpec{Replicas: &count, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: template(d, labels), RevisionHistoryLimit: &history, ProgressDeadlineSeconds: &deadline},
		Status: appsv1.DeploymentStatus{ObservedGeneration: 1, Replicas: count, UpdatedReplicas: count,
			ReadyReplicas: ready, AvailableReplicas: ready},
	}
	a.deployment.Generation = 1
	a.deployment.Annotations = map[string]string{"deployment.kubernetes.io/revision": "1"}
	a.replicaSet = &appsv1.ReplicaSet{
		ObjectMeta: meta(random, a.namespace, a.name+"-"+templateHash, hashed),
		Spec: appsv1.ReplicaSetSpec{Replicas: &count, Selector: &metav1.LabelSelector{MatchLabels: hashed},
			Template: template(d, hashed)},
		Status: appsv1.ReplicaSetStatus{ObservedGeneration: 1, Replicas: count, FullyLabeledReplicas: count,
			ReadyReplicas: ready, AvailableReplicas: ready},
	}
	a.replicaSet.Generation = 1
	a.replicaSet.Annotations = map[string]string{"deployment.kubernetes.io/revision": "1",
		"deployment.kubernetes.io/desired-replicas": fmt.Sprint(replicas),
		"deployment.kubernetes.io/max-replicas":     fmt.Sprint(replicas + (replicas+3)/4)}
	a.replicaSet.OwnerReferences = owner("Deployment", a.name, a.deployment.UID)
	return a
}

// hasFinished: the pod ran once and for nobody; the others are the app's replicas.
func (a *app) hasFinished(i int) bool { return i%97 == 96 && !a.waiting }

func owner(kind, name string, uid types.UID) []metav1.OwnerReference {
	return []metav1.OwnerReference{
		{APIVersion: "apps/v1", Kind: kind, Name: name, UID: uid, Controller: &yes, BlockOwnerDeletion: &yes}}
}

func template(d int, labels map[string]string) corev1.PodTemplateSpec {
	shape, tier := shapes[d%len(shapes)], tiers[d%len(tiers)]
	template := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels,
		Annotations: map[string]string{
			"kwok.x-k8s.io/usage-cpu": shape.usageCPU, "kwok.x-k8s.io/usage-memory": shape.usageMemory}}}
	template.Spec = corev1.PodSpec{
		Containers: []corev1.Container{
			container("main", "app", list(shape.cpu, shape.memory), list(shape.cpuLimit, shape.memoryLimit))},
		RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst,
		SchedulerName: corev1.DefaultSchedulerName, SecurityContext: &corev1.PodSecurityContext{},
		TerminationGracePeriodSeconds: &grace, PriorityClassName: tier.name,
	}
	if shape.sidecar {
		always := corev1.ContainerRestartPolicyAlways
		template.Spec.InitContainers = []corev1.Container{
			container("migrate", "migrate", list("300m", "48Mi"), nil),
			container("proxy", "proxy", list("10m", "32Mi"), list("", "64Mi"))}
		template.Spec.InitContainers[1].RestartPolicy = &always
	}
	if d%20 == 19 {
		template.Spec.NodeSelector = map[string]string{"node.kubernetes.io/instance-type": "not-there"}
	}
	return template
}

func container(name, image string, requests, limits corev1.ResourceList) corev1.Container {
	return corev1.Container{Name: name, Image: "registry.example.com/" + image + ":1.0",
		ImagePullPolicy:          corev1.PullIfNotPresent,
		TerminationMessagePath:   corev1.TerminationMessagePathDefault,
		TerminationMessagePolicy: corev1.TerminationMessageReadFile,
		Resources:                corev1.ResourceRequirements{Requests: requests, Limits: limits}}
}

func (a *app) pod(random *rand.Rand, i int, node string) *corev1.Pod {
	finished := a.hasFinished(i)
	template := a.replicaSet.Spec.Template
	name := fmt.Sprintf("%s-%s-%05d", a.name, templateHash, i)
	pod := &corev1.Pod{ObjectMeta: meta(random, a.namespace, name, template.Labels)}
	pod.Annotations = template.Annotations
	pod.Spec = *template.Spec.DeepCopy()
	pod.Generation = 1
	pod.Spec.ServiceAccountName, pod.Spec.DeprecatedServiceAccount = "default", "default"
	pod.Spec.EnableServiceLinks = &yes
	for _, tier := range tiers {
		if tier.name == pod.Spec.PriorityClassName {
			pod.Spec.Priority = &tier.value
		}
	}
	seconds := int64(300)
	for _, key := range []string{corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable} {
		pod.Spec.Tolerations = append(pod.Spec.Tolerations, corev1.Toleration{Key: key,
			Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: &seconds})
	}
	pod.Status = corev1.PodStatus{Phase: corev1.PodPending, QOSClass: corev1.PodQOSBurstable}
	if finished {
		pod.Name = fmt.Sprintf("once-%05d", i)
		pod.Labels = map[string]string{"once": a.name}
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
	} else {
		pod.GenerateName = a.replicaSet.Name + "-"
		pod.OwnerReferences = owner("ReplicaSet", a.replicaSet.Name, a.replicaSet.UID)
	}
	if !a.waiting {
		pod.Spec.NodeName = node
		running(pod, i, finished)
	}
	return pod
}

// running gives the status that a kubelet would: of pods that run, and of those that have run.
func running(pod *corev1.Pod, i int, finished bool) {
	pod.Status.Phase, pod.Status.StartTime, pod.Status.HostIP = corev1.PodRunning, &now, "127.0.0.1"
	pod.Status.PodIP = fmt.Sprintf("10.%d.%d.%d", 244+i>>16&3, i>>8&255, i&255)
	pod.Status.PodIPs = []corev1.PodIP{{IP: pod.Status.PodIP}}
	pod.Status.HostIPs = []corev1.HostIP{{IP: "127.0.0.1"}}
	ready := corev1.ConditionTrue
	if finished {
		pod.Status.Phase, ready = corev1.PodSucceeded, corev1.ConditionFalse
	}
	pod.Status.Conditions = []corev1.PodCondition{
		{Type: corev1.PodScheduled, Status: corev1.ConditionTrue, LastTransitionTime: now},
		{Type: corev1.PodInitialized, Status: corev1.ConditionTrue, LastTransitionTime: now},
		{Type: corev1.PodReady, Status: ready, LastTransitionTime: now},
		{Type: corev1.ContainersReady, Status: ready, LastTransitionTime: now},
	}
	pod.Status.InitContainerStatuses = statuses(pod, pod.Spec.InitContainers, finished)
	pod.Status.ContainerStatuses = statuses(pod, pod.Spec.Containers, finished)
}

func statuses(pod *corev1.Pod, containers []corev1.Container, finished bool) []corev1.ContainerStatus {
	var all []corev1.ContainerStatus
	for i, container := range containers {
		id := fmt.Sprintf("containerd://%s-%d", pod.UID, i)
		status := corev1.ContainerStatus{Name: container.Name, Image: container.Image, ImageID: container.Image,
			ContainerID: id, Ready: !finished}
		init := container.RestartPolicy == nil && len(containers) > 1
		if finished || init {
			status.State.Terminated = &corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: now,
				FinishedAt: now, ContainerID: id}
		} else {
			status.Started = &yes
			status.State.Running = &corev1.ContainerStateRunning{StartedAt: now}
		}
		all = append(all, status)
	}
	return all
}
