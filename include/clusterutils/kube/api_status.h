/* What an API server says of a request that failed: metav1.Status, as the body of an answer or the object of a watch's
 * ERROR event. Source: k8s.io/apimachinery/pkg/apis/meta/v1 types.go, v0.34. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/kube/wire.h"

enum { API_STATUS_TEXT = 64, API_STATUS_MESSAGE = 1024 };

struct api_status {
	int code;                     /* as HTTP's; 0 where not told */
	char reason[API_STATUS_TEXT]; /* "Expired", "NotFound"; "" where not told */
	char message
		[API_STATUS_MESSAGE]; /* scrubbed, cut where longer; for Invalid kubectl prints the causes instead */
	char cause[API_STATUS_TEXT];  /* reason of the first of details.causes: "ResourceVersionTooLarge" */
	int64_t retry_after_seconds;  /* of details; -1 where not told */
};

/* False where the bytes are no Status: *ret_status is then zero, with retry_after_seconds -1. */
bool api_status_read(enum wire wire, const char *bytes, size_t length, struct api_status *ret_status);
