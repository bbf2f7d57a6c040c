// Fill writes a large cluster straight into etcd, in the form in which the API server keeps it: twenty thousand objects
// a second, where the API takes a hundred. Only etcd may be running: a controller that sees a Deployment before its
// ReplicaSet starts a second rollout. The same numbers give the same cluster, but for its times; so the same program
// can play the kubelets of that cluster later, as far as metrics-server asks them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes/scheme"
)

const (
	inTransaction = 100 // objects; etcd's own limit is 128 operations
	writers       = 8
)

func main() {
	var size size
	endpoint := flag.String("etcd", "", "URL of etcd")
	flag.IntVar(&size.nodes, "nodes", 1000, "number of nodes")
	flag.IntVar(&size.pods, "pods", 20000, "number of pods")
	flag.IntVar(&size.replicas, "replicas", 50, "pods of one Deployment")
	flag.IntVar(&size.kubeletPort, "kubelet-port", 0, "port of what plays the kubelet on 127.0.0.1")
	certificate := flag.String("serve-usage", "", "write nothing, play the kubelets with the certificate THIS.crt and THIS.key")
	flag.Parse()

	if *certificate != "" {
		err := serveUsage(fmt.Sprintf("127.0.0.1:%d", size.kubeletPort), *certificate+".crt", *certificate+".key", size)
		fmt.Fprintln(os.Stderr, "fill:", err)
		os.Exit(1)
	}

	start := time.Now()
	count, err := fill(*endpoint, size)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fill:", err)
		os.Exit(1)
	}
	took := time.Since(start).Seconds()
	fmt.Printf("%d objects in %.1f s, %.0f a second\n", count, took, float64(count)/took)
}

func fill(endpoint string, size size) (int, error) {
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: 5 * time.Second})
	if err != nil {
		return 0, err
	}
	defer client.Close()

	group, ctx := errgroup.WithContext(context.Background())
	transactions := make(chan []clientv3.Op, 2*writers)
	for range writers {
		group.Go(func() error {
			for ops := range transactions {
				if _, err := client.Txn(ctx).Then(ops...).Commit(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	count := 0
	group.Go(func() error {
		defer close(transactions)
		var ops []clientv3.Op
		send := func() error {
			select {
			case transactions <- ops:
				ops = nil
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		for object := range cluster(size) {
			value, err := stored(object.value, object.version)
			if err != nil {
				return fmt.Errorf("%s: %w", object.key, err)
			}
			ops = append(ops, clientv3.OpPut("/registry/"+object.key, value))
			count++
			if len(ops) == inTransaction {
				if err := send(); err != nil {
					return err
				}
			}
		}
		return send()
	})
	return count, group.Wait()
}

var serializer = protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)

func stored(object runtime.Object, version schema.GroupVersion) (string, error) {
	bytes, err := runtime.Encode(scheme.Codecs.EncoderForVersion(serializer, version), object)
	return string(bytes), err
}
