/* The two formats in which objects travel. */
#pragma once

enum wire { WIRE_JSON, WIRE_PROTOBUF };

/* Of an answer's Content-Type: "application/json;charset=utf-8", "application/vnd.kubernetes.protobuf;stream=watch".
 * -1 for anything else, which must not be parsed. */
int wire_of_content_type(const char *content_type);
