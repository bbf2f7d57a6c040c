package main

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// What a container uses, without end and without change.
type sample struct {
	labels string // as the text format writes them
	cores  float64
	bytes  float64
}

// serveUsage plays /metrics/resource of every node's kubelet, for metrics-server: kwok could, but works the usage of
// twenty thousand pods out anew for each answer, which is more than two cores can do.
func serveUsage(address, certificate, key string, size size) error {
	nodes := map[string][]sample{}
	for object := range cluster(size) {
		switch value := object.value.(type) {
		case *corev1.Node:
			nodes[value.Name] = nil
		case *corev1.Pod:
			if value.Status.Phase == corev1.PodRunning {
				nodes[value.Spec.NodeName] = append(nodes[value.Spec.NodeName], samples(value)...)
			}
		}
	}
	start := time.Now()
	http.HandleFunc("/metrics/nodes/{node}/metrics/resource", func(answer http.ResponseWriter, request *http.Request) {
		samples, isKnown := nodes[request.PathValue("node")]
		if !isKnown {
			http.NotFound(answer, request)
			return
		}
		answer.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		answer.Write(metrics(samples, start))
	})
	http.HandleFunc("/healthz", func(answer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(answer, "ok") })
	return http.ListenAndServeTLS(address, certificate, key, nil)
}

func samples(pod *corev1.Pod) []sample {
	cpu := resource.MustParse(pod.Annotations["kwok.x-k8s.io/usage-cpu"])
	memory := resource.MustParse(pod.Annotations["kwok.x-k8s.io/usage-memory"])
	containers := pod.Spec.Containers
	for _, container := range pod.Spec.InitContainers {
		if container.RestartPolicy != nil {
			containers = append(containers, container)
		}
	}
	var all []sample
	for _, container := range containers {
		labels := fmt.Sprintf(`{container=%q,namespace=%q,pod=%q}`, container.Name, pod.Namespace, pod.Name)
		all = append(all, sample{labels, cpu.AsApproximateFloat64(), memory.AsApproximateFloat64()})
	}
	return all
}

// metrics is what a kubelet tells: of the node itself, that it uses a tenth of a core and a GiB more than its pods.
func metrics(samples []sample, start time.Time) []byte {
	var text bytes.Buffer
	elapsed := time.Since(start).Seconds() + 1
	node := sample{"", 0.1, 1 << 30}
	for _, s := range samples {
		node.cores += s.cores
		node.bytes += s.bytes
	}
	series := func(name string, value func(sample) float64, of []sample) {
		for _, s := range of {
			fmt.Fprintf(&text, "%s%s %g\n", name, s.labels, value(s))
		}
	}
	used := func(s sample) float64 { return s.cores * elapsed }
	held := func(s sample) float64 { return s.bytes }
	started := func(sample) float64 { return float64(start.UnixMilli()) / 1000 }
	series("container_cpu_usage_seconds_total", used, samples)
	series("container_memory_working_set_bytes", held, samples)
	series("container_start_time_seconds", started, samples)
	series("node_cpu_usage_seconds_total", used, []sample{node})
	series("node_memory_working_set_bytes", held, []sample{node})
	return text.Bytes()
}
