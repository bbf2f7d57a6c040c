#include "certificate.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "clusterutils/util/die.h"

static void take(BIO *bio, struct buffer *out)
{
	char *bytes;
	long length = BIO_get_mem_data(bio, &bytes);

	buffer_add(out, bytes, (size_t)length);
	BIO_free(bio);
}

void certificate_make(const char *name, struct buffer *certificate, struct buffer *key)
{
	EVP_PKEY *pair = EVP_EC_gen("P-256");
	X509 *made = X509_new();
	BIO *certificate_text = BIO_new(BIO_s_mem()), *key_text = BIO_new(BIO_s_mem());

	if (!pair || !made || !certificate_text || !key_text)
		die("a certificate of the test cannot be made");
	X509_set_version(made, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
	X509_gmtime_adj(X509_getm_notBefore(made), -3600);
	X509_gmtime_adj(X509_getm_notAfter(made), 3600);
	X509_set_pubkey(made, pair);
	X509_NAME_add_entry_by_txt(
		X509_get_subject_name(made), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(made, X509_get_subject_name(made));
	if (!X509_sign(made, pair, EVP_sha256()) || !PEM_write_bio_X509(certificate_text, made) ||
		!PEM_write_bio_PrivateKey(key_text, pair, NULL, NULL, 0, NULL, NULL))
		die("a certificate of the test cannot be made");
	take(certificate_text, certificate);
	take(key_text, key);
	X509_free(made);
	EVP_PKEY_free(pair);
}
