package main

import (
	"fmt"
	"iter"
	"math/rand"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

type size struct {
	nodes, pods, replicas, kubeletPort int
}

type object struct {
	key     string // below /registry/
	value   runtime.Object
	version schema.GroupVersion
}

const namespaces = 50

// cluster yields every object, owners before what they own. One pod in 97 has finished and belongs to nobody, one
// Deployment in 20 waits for a node that does not exist.
func cluster(size size) iter.Seq[object] {
	return func(yield func(object) bool) {
		random := rand.New(rand.NewSource(1))
		put := func(version schema.GroupVersion, value runtime.Object, format string, args ...any) bool {
			return yield(object{fmt.Sprintf(format, args...), value, version})
		}
		for _, tier := range tiers {
			if !put(schedulingv1.SchemeGroupVersion, priorityClass(random, tier), "priorityclasses/%s", tier.name) {
				return
			}
		}
		for i := range namespaces {
			if !put(corev1.SchemeGroupVersion, namespace(random, i), "namespaces/%s", namespaceName(i)) {
				return
			}
		}
		for i := range size.nodes {
			if !put(corev1.SchemeGroupVersion, node(random, i, size.kubeletPort), "minions/%s", nodeName(i)) ||
				!put(coordinationv1.SchemeGroupVersion, lease(random, i), "leases/kube-node-lease/%s", nodeName(i)) {
				return
			}
		}
		for first, d := 0, 0; first < size.pods; first, d = first+size.replicas, d+1 {
			end := min(first+size.replicas, size.pods)
			app := newApp(random, d, first, end)
			if !put(appsv1.SchemeGroupVersion, app.deployment, "deployments/%s/%s", app.namespace, app.name) ||
				!put(appsv1.SchemeGroupVersion, app.replicaSet, "replicasets/%s/%s", app.namespace, app.replicaSet.Name) {
				return
			}
			for i := first; i < end; i++ {
				pod := app.pod(random, i, nodeName(random.Intn(size.nodes)))
				if !put(corev1.SchemeGroupVersion, pod, "pods/%s/%s", pod.Namespace, pod.Name) {
					return
				}
			}
		}
	}
}
