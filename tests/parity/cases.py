"""Each row: a name, a kubeconfig (or files by name), flags, environment; and, where we mean to differ, why, and what our first line on
stderr then is.

@A@ and @B@ are API servers with TLS, @H@ is one without, @P@ a proxy, @DEAD@ a port where nobody listens; @CA@, @CERT@,
@KEY@ (a client's), @CERT2@, @KEY2@ are files, @CADATA@, @CERTDATA@, @KEYDATA@ the same in base64; @DIR@ is the case's folder.
A kubeconfig alone is the file named config."""


def config(cluster="server: @A@, certificate-authority: @CA@", user="token: t-1", context=""):
    return ("apiVersion: v1\nkind: Config\ncurrent-context: c\n"
            f"clusters: [{{name: k, cluster: {{{cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n"
            f"contexts: [{{name: c, context: {{cluster: k, user: u{context}}}}}]\n")


TWO = ("apiVersion: v1\nkind: Config\ncurrent-context: one\n"
       "clusters: [{name: a, cluster: {server: @A@, certificate-authority: @CA@}}, {name: b, cluster: {server: @B@, certificate-authority: @CA@}}]\n"
       "users: [{name: anna, user: {token: tx}}, {name: bert, user: {token: ty}}]\n"
       "contexts: [{name: one, context: {cluster: a, user: anna}}, {name: two, context: {cluster: b, user: bert, namespace: web}}]\n")
OTHER = ("apiVersion: v1\nkind: Config\ncurrent-context: two\n"
         "clusters: [{name: a, cluster: {server: @B@, certificate-authority: @CA@}}]\nusers: [{name: anna, user: {token: other}}]\n"
         "contexts: [{name: one, context: {cluster: a, user: anna}}, {name: two, context: {cluster: a, user: anna}}]\n")
EXEC = "exec: {apiVersion: client.authentication.k8s.io/v1, command: @DIR@/login, interactiveMode: Never%s}"
ANSWER = '#!/bin/sh\necho \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":%s}\'\n'


def exec_case(script, more=""):
    return {"config": config(user=EXEC % more), "login": script}


# name, files, flags, environment
CASES = [
    ("a token", config(), "", {}),
    ("a token by flag", config(user=""), "--token flagged", {}),
    ("a flag wins over the file's token", config(), "--token flagged", {}),
    ("a token file", {"config": config(user="tokenFile: secret"), "secret": "  from-file\n"}, "", {}),
    ("a token file wins over a token", {"config": config(user="token: a, tokenFile: secret"), "secret": "from-file"}, "", {}),
    ("a token file wins over the flag", {"config": config(user="tokenFile: secret"), "secret": "from-file"}, "--token flagged", {}),
    ("a token file that is missing", config(user="tokenFile: nothing"), "", {}),
    ("basic auth", config(user="username: me, password: 'p:w'"), "", {}),
    ("a user without a password", config(user="username: me, password: ''"), "", {}),
    ("basic auth and a token", config(user="username: me, password: pw, token: t"), "", {}),
    ("a client certificate as files", config(user="client-certificate: @CERT@, client-key: @KEY@"), "", {}),
    ("a client certificate as data", config(user="client-certificate-data: @CERTDATA@, client-key-data: @KEYDATA@"), "", {}),
    ("a client certificate by flags", config(user=""), "--client-certificate @CERT@ --client-key @KEY@", {}),
    ("a client certificate and a token", config(user="client-certificate: @CERT@, client-key: @KEY@, token: t"), "", {}),
    ("a certificate without a key", config(user="client-certificate: @CERT@"), "", {}),
    ("a key without a certificate", config(user="client-key: @KEY@"), "", {}, "kubectl asks for a user name", "No resources found"),
    ("a certificate file that is missing", config(user="client-certificate: @DIR@/no.crt, client-key: @KEY@"), "", {}),
    ("a key file that is missing", config(user="client-certificate: @CERT@, client-key: @DIR@/no.key"), "", {}),
    ("a key of another certificate", config(user="client-certificate: @CERT@, client-key: @KEY2@"), "", {}),
    ("a certificate that is none", {"config": config(user="client-certificate: no.crt, client-key: @KEY@"), "no.crt": "x"}, "", {}),
    ("certificate files beside their data", config(user="client-certificate: @CERT@, client-certificate-data: @CERTDATA@, client-key: @KEY@"), "", {}),
    ("an authority as data", config(cluster="server: @A@, certificate-authority-data: @CADATA@"), "", {}),
    ("an authority by flag", config(cluster="server: @A@"), "--certificate-authority @CA@", {}),
    ("an authority relative to its file", {"sub/config": config(cluster="server: @A@, certificate-authority: ca.crt"), "sub/ca.crt": "@CATEXT@"}, "--kubeconfig sub/config", {}),
    ("an authority that is missing", config(cluster="server: @A@, certificate-authority: @DIR@/no.crt"), "", {}),
    ("an authority that is garbage", {"config": config(cluster="server: @A@, certificate-authority: no.crt"), "no.crt": "garbage"}, "", {}),
    ("no authority", config(cluster="server: @A@"), "", {}),
    ("another authority", config(cluster="server: @A@, certificate-authority: @CERT@"), "", {}),
    ("insecure", config(cluster="server: @A@, insecure-skip-tls-verify: true"), "", {}),
    ("insecure by flag", config(cluster="server: @A@"), "--insecure-skip-tls-verify", {}),
    ("insecure by flag drops the authority", config(), "--insecure-skip-tls-verify=true", {}),
    ("insecure and an authority", config(cluster="server: @A@, certificate-authority: @CA@, insecure-skip-tls-verify: true"), "", {}),
    ("a server's name", config(cluster="server: @A@, certificate-authority: @CA@, tls-server-name: localhost"), "", {}),
    ("a server's name by flag", config(), "--tls-server-name localhost", {}),
    ("a wrong server's name", config(), "--tls-server-name wrong.example", {}),
    ("--server clears the name", config(cluster="server: @DEAD@, certificate-authority: @CA@, tls-server-name: wrong.example"), "--server @A@", {}),
    ("a prefix", config(cluster="server: @A@/k8s/clusters/c-1, certificate-authority: @CA@"), "", {}),
    ("a prefix with a slash", config(cluster="server: @A@/k8s/, certificate-authority: @CA@"), "", {}),
    ("a slash", config(cluster="server: @A@/, certificate-authority: @CA@"), "", {}),
    ("a name in the address", config(cluster="server: 'https://localhost:@APORT@', certificate-authority: @CA@"), "", {}),
    ("http: no token is sent", config(cluster="server: @H@"), "", {}),
    ("http without a scheme", config(cluster="server: '127.0.0.1:@HPORT@'"), "", {}),
    ("http: impersonation is sent", config(cluster="server: @H@"), "--as jane", {}),
    ("http to a server with TLS", config(cluster="server: 'http://127.0.0.1:@APORT@'"), "", {}),
    ("TLS to a server without", config(cluster="server: 'https://127.0.0.1:@HPORT@'"), "", {}, "OpenSSL does not tell HTTP from other bytes",
     "Unable to connect to the server: http: server gave HTTP response to HTTPS client"),
    ("nobody listens", config(cluster="server: @DEAD@"), "", {}),
    ("nobody listens, by flag", config(), "--server @DEAD@", {}),
    ("an unknown host", config(cluster="server: 'https://nowhere.invalid:6443'"), "", {}, "Go names the DNS server it asked",
     "Unable to connect to the server: dial tcp: lookup nowhere.invalid: no such host"),
    ("impersonation", config(), "--as jane --as-group dev --as-group ops --as-uid 7", {}),
    ("impersonation in the file", config(user="token: t, as: jane, as-groups: [dev], as-uid: '9', as-user-extra: {reason: [why, not], 'a/b c%': [x]}"), "", {}),
    ("a flag wins over the file's impersonation", config(user="token: t, as: jane"), "--as john", {}),
    ("groups without a user", config(), "--as-group dev", {}),
    ("a uid without a user", config(), "--as-uid 7", {}),
    ("two contexts: the current one", TWO, "", {}),
    ("two contexts: by flag", TWO, "--context two", {}),
    ("--cluster replaces", TWO, "--cluster b", {}),
    ("--user replaces", TWO, "--user bert", {}),
    ("--context, --cluster and --user", TWO, "--context two --cluster a --user anna", {}),
    ("--server replaces", TWO, "--server @B@", {}),
    ("an unknown context", TWO, "--context zz", {}),
    ("an unknown cluster by flag", TWO, "--cluster zz", {}),
    ("an unknown user by flag", TWO, "--user zz", {}),
    ("a current context that is not there", TWO.replace("current-context: one", "current-context: gone"), "", {}),
    ("a context of an unknown user", TWO.replace("user: anna}}", "user: nobody}}"), "", {}, "kubectl says nothing and sends no credentials",
     'error: context "one" names the user "nobody", who is in no kubeconfig'),
    ("a context of an unknown cluster", TWO.replace("cluster: a, user", "cluster: nothing, user"), "", {}, "kubectl says nothing and asks localhost:8080",
     'error: context "one" names the cluster "nothing", which is in no kubeconfig'),
    ("KUBECONFIG of two: the first wins", {"one": TWO, "two": OTHER}, "", {"KUBECONFIG": "@DIR@/one:@DIR@/two"}),
    ("KUBECONFIG of two, turned", {"one": TWO, "two": OTHER}, "", {"KUBECONFIG": "@DIR@/two:@DIR@/one"}),
    ("KUBECONFIG with a file that is missing", {"one": TWO}, "", {"KUBECONFIG": "@DIR@/none::@DIR@/one"}),
    ("--kubeconfig is one file alone", {"one": TWO}, "--kubeconfig @DIR@/one", {"KUBECONFIG": "@DIR@/none"}),
    ("--kubeconfig that is missing", {"one": TWO}, "--kubeconfig @DIR@/none", {}),
    ("--kubeconfig is no list", {"one": TWO, "two": OTHER}, "--kubeconfig @DIR@/one:@DIR@/two", {}),
    ("in the home folder", {"home/.kube/config": TWO}, "", {"KUBECONFIG": ""}),
    ("an empty file", {"config": ""}, "--token t", {"KUBERNETES_MASTER": "@DEAD@"}),
    ("nothing at all", {}, "--token t", {"KUBERNETES_MASTER": "@DEAD@", "KUBECONFIG": "@DIR@/none"}),
    ("bad YAML", {"config": "a: [\n"}, "", {}, "the words are another YAML library's", "error: error loading config file .*"),
    ("another kind", {"config": "apiVersion: v1\nkind: Pod\n"}, "", {}, "kubectl names a line of its own source", '.*: no kind "Pod" is registered for version "v1"'),
    ("another version", {"config": "apiVersion: v2\nkind: Config\n"}, "", {}, "kubectl names a line of its own source", '.*: no kind "Config" is registered for version "v2"'),
    ("a server that is a number", config(cluster="server: 5"), "", {}),
    ("a token that is a number", config(user="token: 12345"), "", {}),
    ("a name that is a boolean", TWO.replace("name: one", "name: yes"), "", {}),
    ("yes is true", config(cluster="server: @A@, insecure-skip-tls-verify: yes"), "", {}),
    ("true in quotes is text", config(cluster="server: @A@, insecure-skip-tls-verify: 'true'"), "", {}),
    ("base64 that is none", config(cluster="server: @A@, certificate-authority-data: '!!'"), "", {}),
    ("a plugin's token", exec_case(ANSWER % '{"token":"plugged"}'), "", {}),
    ("a plugin's certificate", {"config": config(user=EXEC % ""), "login": "#!/bin/sh\nexec cat @DIR@/answer\n", "answer":
        '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":'
        '{"clientCertificateData":"@CERTJSON@","clientKeyData":"@KEYJSON@"}}'}, "", {}),
    ("a plugin is not run with --token", exec_case("#!/bin/sh\nexit 9\n"), "--token flagged", {}),
    ("a plugin's environment and arguments", exec_case('#!/bin/sh\necho "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",'
                                         '\\"status\\":{\\"token\\":\\"$1-$COLOUR\\"}}"\n', ", args: [first], env: [{name: COLOUR, value: red}]"), "", {}),
    ("a plugin that fails", exec_case("#!/bin/sh\nexit 3\n"), "", {}),
    ("a plugin that is missing", config(user=(EXEC % "").replace("@DIR@/login", "no-such-login")), "", {}),
    ("a plugin without a status", exec_case('#!/bin/sh\necho \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}\'\n'), "", {}),
    ("a plugin without anything", exec_case(ANSWER % "{}"), "", {}),
    ("a plugin of another version", exec_case((ANSWER % '{"token":"t"}').replace("/v1", "/v1beta1")), "", {}),
    ("a plugin's old version in the file", {"config": config(user=(EXEC % "").replace("/v1,", "/v1alpha1,"))}, "", {}),
    ("a plugin without an interactive mode", config(user=(EXEC % "").replace(", interactiveMode: Never", "")), "", {}),
    ("gcp", config(user="auth-provider: {name: gcp}"), "", {}),
    ("an unknown auth-provider", config(user="auth-provider: {name: zzz}"), "", {}),
    ("a proxy in the file", config(cluster="server: @A@, certificate-authority: @CA@, proxy-url: @P@"), "", {}),
    ("a proxy in the environment, not for loopback", config(), "", {"HTTPS_PROXY": "@P@"}),
    ("a proxy for a name", config(cluster="server: 'https://elsewhere.invalid:@APORT@', certificate-authority: @CA@, tls-server-name: localhost"), "", {"HTTPS_PROXY": "@P@"}),
    ("HTTP_PROXY is not for https", config(cluster="server: @A@, certificate-authority: @CA@"), "", {"HTTP_PROXY": "http://127.0.0.1:1"}),
    ("NO_PROXY", config(cluster="server: 'https://elsewhere.invalid:@APORT@', certificate-authority: @CA@"), "", {"HTTPS_PROXY": "@P@", "NO_PROXY": ".invalid"}, "Go names the DNS server it asked",
     "Unable to connect to the server: dial tcp: lookup elsewhere.invalid: no such host"),
    ("a proxy of an unknown kind", config(cluster="server: @A@, certificate-authority: @CA@, proxy-url: 'ftp://x'"), "", {}),
    ("a timeout that is none", config(), "--request-timeout abc", {}),
    ("a timeout", config(), "--request-timeout 5s", {}),
    ("a namespace with a slash", config(), "-n a/b", {}, "kubectl judges it for objects alone, not for a raw path",
     r"error: invalid namespace \"a/b\": .*may not contain '/'.*"),
    ("a flag that is none", config(), "--bogus", {}),
    ("a flag without its value", config(), "--context", {}),
]
