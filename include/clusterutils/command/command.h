/* What every command is, and what all of them share: flags, the cluster they read, how they print.
 *
 * A command is one const struct command_NAME in src/NAME/ and one line in src/commands.def. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clusterutils/kube/access.h"
#include "clusterutils/kube/credentials.h"
#include "clusterutils/kube/kubeconfig.h"
#include "clusterutils/kube/server.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/kube/transport.h"
#include "clusterutils/output/print.h"
#include "clusterutils/util/error.h"
#include "clusterutils/util/options.h"

/* How the program ends. */
enum exit_status {
	STATUS_DONE = 0, /* done, or nothing to do */
	STATUS_ERROR = 1,
	STATUS_USAGE = 2,
	STATUS_FINDINGS = 3, /* findings or partial data, where asked for */
	STATUS_TIMEOUT = 4,
	STATUS_SOME_FAILED = 5, /* some targets failed */
	STATUS_REFUSED = 6,     /* by preflight */
	STATUS_INTERRUPTED = 130,
};

/* Flags that every command has. */
struct global_options {
	struct option_list from;
	bool demo;
	const char *namespace; /* NULL or "" for all */
	bool all_namespaces;
	const char *selector;
	const char *field_selector;
	const char *output;
	bool no_headers;
	uint64_t verbosity;
	bool help;
	bool print_rbac;
	struct connection_flags connection; /* its namespace is `namespace` above */
	uint64_t chunk_size;
	const char *wire; /* NULL: protobuf, where the server has it */
};

extern const struct option global_options[];
extern const struct option connection_options[]; /* fill struct global_options too */

struct command;

enum { COMMAND_MAX_RIGHTS = 32 };

/* One run of a command. */
struct invocation {
	const struct command *command;
	const char *program; /* "kubectl clusterutils", or the name it was called by */
	const char *version; /* "v0.1.0" */
	const char *commit;  /* seven digits of it */
	struct global_options global;
	void *options; /* of the command: its own struct, zeroed and then filled by its table */
	struct arguments arguments;
};

struct command {
	const char *name;
	const char *usage;       /* after the name: "[VIEW] [flags]" */
	const char *summary;     /* one line */
	const char *description; /* what the help says first */
	const char *const
		*examples; /* pairs: a comment, a command line without the program; NULL-ended. All are tested */
	const struct option *options;
	size_t options_size;
	size_t max_arguments;
	/* What it needs of a server with these options and arguments, at most COMMAND_MAX_RIGHTS, for --print-rbac. NULL
	 * where it asks for nothing. */
	int (*rights)(struct invocation *invocation, struct right *ret_rights, size_t *ret_count, struct error *err);
	/* An exit_status, or -1 with *err set. */
	int (*run)(struct invocation *invocation, struct error *err);
};

/* Every command, in the order of commands.def, NULL-ended. */
extern const struct command *const commands[];

/* Prints the least Role that this run would need. */
int command_print_rbac(struct invocation *invocation, struct error *err) MUST_USE;

void command_print_help(const struct invocation *invocation, struct buffer *out);

/* The source that the flags name: an API server, dumps or the demo. With the demo, the clock is the demo's. */
struct session {
	struct transport *transport;
	struct connection connection; /* of a live one */
	struct server server;
	struct sync_options options;
	char user_agent[160];
	bool is_live; /* an API server */
	bool is_demo; /* the demo cluster: it can be watched and written to, as a live one can */
};

/* What a screen has other wishes for than a command that prints. All zero: none. */
struct session_setup {
	const char *context; /* in place of --context */
	struct credentials_hooks hooks;
	void (*on_warning)(void *context, const char *text); /* NULL: a line on stderr */
	void *warning_context;
};

/* Opens the source without asking anything of it: `server` is not known yet. */
int session_begin(const struct invocation *invocation, const struct session_setup *setup, struct session *ret_session,
	struct error *err) MUST_USE;

/* The same, and asks what the server is. Fails where it cannot be reached. */
int session_open(const struct invocation *invocation, struct session *ret_session, struct error *err) MUST_USE;
void session_release(struct session *session);

/* The namespace to ask for; NULL for all. */
const char *invocation_namespace(const struct invocation *invocation);

/* Reads the lists once. Who may not list a kind in all namespaces gets that of the context, with a line that says so.
 */
void session_read(const struct invocation *invocation, struct session *session, struct sync_list *lists, size_t count,
	struct cluster *cluster);

/* Reads the lists and follows them; the first time is over when this returns. */
struct sync *session_follow(const struct invocation *invocation, struct session *session, struct sync_list *lists,
	size_t count, struct cluster *cluster);

/* Lists that may not be read in all namespaces become those of the context's namespace: whether there were any, which
 * are then to be read again. */
bool session_narrow(
	const struct invocation *invocation, const struct session *session, struct sync_list *lists, size_t count);

/* Tells on stderr what of the lists could not be read or was left out, and whether all is there: without metrics it may
 * be. Fails where nothing could be read, and where the source itself is at fault. */
int session_report(const struct invocation *invocation, const struct session *session, const struct sync_list *lists,
	size_t count, bool *ret_complete, struct error *err) MUST_USE;

/* Prints in the format of -o; "No resources found" on stderr where there is no item. The columns are keys, parted by
 * commas, for text and CSV; NULL for the table's own. */
int invocation_print(const struct invocation *invocation, const struct table *table, const char *columns,
	struct error *err) MUST_USE;

/* What the flags and the terminal ask for, for a command that prints more than one table. */
struct print_options invocation_print_options(const struct invocation *invocation);

/* -o asks for one document, or for lines to be read by a program. */
bool invocation_is_for_programs(const struct invocation *invocation);

/* Writes to stdout. */
int invocation_write(const struct buffer *text, struct error *err) MUST_USE;
