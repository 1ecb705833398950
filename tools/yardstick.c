// What the machine can do without us, on all cores: the yardsticks of tools/bench.
//   yardstick codes COUNT LINE_BYTES FILE   AES-128 of two blocks a code in bulk, and writing as many bytes
//   yardstick qr FILE                       libqrencode alone, the lines of a file at level M
// Prints the rate a second.
#include <openssl/evp.h>
#include <pthread.h>
#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 15625 };
static long count, line_bytes, next_piece;
static FILE *file;
static char **lines;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *encrypt(void *unused) {
  unsigned char key[16] = {1}, *blocks = calloc(CHUNK, 32);
  char *text = malloc((size_t)(line_bytes * CHUNK));
  memset(text, 'x', (size_t)(line_bytes * CHUNK));
  EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(cipher, EVP_aes_128_ecb(), NULL, key, NULL);
  while (__atomic_fetch_add(&next_piece, CHUNK, __ATOMIC_RELAXED) < count) {
    int written;
    // 32 KiB at a time stay in the first-level cache.
    for (long at = 0; at < 32L * CHUNK; at += 32768) {
      long left = 32L * CHUNK - at;
      EVP_EncryptUpdate(cipher, blocks + at, &written, blocks + at, (int)(left < 32768 ? left : 32768));
    }
    pthread_mutex_lock(&lock);
    if (write(fileno(file), text, (size_t)(line_bytes * CHUNK)) < 0) exit(1);
    pthread_mutex_unlock(&lock);
  }
  return unused;
}

// The cut that our labels have: bytes to the end of the host, alphanumeric after it.
static void *symbols(void *unused) {
  long at;
  while ((at = __atomic_fetch_add(&next_piece, 1, __ATOMIC_RELAXED)) < count) {
    const char *text = lines[at], *path = strchr(text + 8, '/');
    QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
    QRinput_append(input, QR_MODE_8, (int)(path - text), (const unsigned char *)text);
    QRinput_append(input, QR_MODE_AN, (int)strlen(path), (const unsigned char *)path);
    QRcode *code = QRcode_encodeInput(input);
    if (!code) exit(1);
    QRcode_free(code);
    QRinput_free(input);
  }
  return unused;
}

static void on_all_cores(void *(*work)(void *)) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  pthread_t threads[256];
  if (cores > 256) cores = 256;
  for (long i = 0; i < cores; i++) pthread_create(&threads[i], NULL, work, NULL);
  for (long i = 0; i < cores; i++) pthread_join(threads[i], NULL);
}

int main(int argc, char **argv) {
  if (argc == 5 && !strcmp(argv[1], "codes")) {
    count = atol(argv[2]);
    line_bytes = atol(argv[3]);
    double start = seconds();
    file = fopen(argv[4], "wb");
    if (!file) return 1;
    on_all_cores(encrypt);
    fclose(file);
    printf("%f\n", (double)count / (seconds() - start));
  } else if (argc == 3 && !strcmp(argv[1], "qr")) {
    file = fopen(argv[2], "rb");
    if (!file) return 1;
    char line[4096];
    while (fgets(line, sizeof line, file)) {
      line[strcspn(line, "\n")] = 0;
      lines = realloc(lines, sizeof *lines * (size_t)(count + 1));
      lines[count++] = strdup(line);
    }
    double start = seconds();
    on_all_cores(symbols);
    printf("%f\n", (double)count / (seconds() - start));
  } else return 2;
  return 0;
}
