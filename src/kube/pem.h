/* Certificates and keys as text: checked before any connection is made, in the words of Go's crypto/tls. */
#pragma once

#include "clusterutils/kube/kubeconfig.h"

/* "unable to load root certificates: unable to parse bytes as PEM block", … */
int pem_check_authority(const struct blob *authority, struct error *err) MUST_USE;

/* "tls: failed to find any PEM data in certificate input", "tls: private key does not match public key", … */
int pem_check_pair(const struct blob *certificate, const struct blob *key, struct error *err) MUST_USE;
