// Checks checkpoints and proofs of a log with the code of another project: sumdb/note and sumdb/tlog of golang.org/x/mod,
// which the Go checksum database runs on.
//
//	outside VKEY CHECKPOINT [EVENT PROOF] …
//	outside VKEY OLD-CHECKPOINT NEW-CHECKPOINT CONSISTENCY
//
// EVENT is an event's canonical bytes and PROOF a c2sp.org/tlog-proof@v1; CONSISTENCY has one base64 hash a line. It
// prints the size of the (newer) tree. Exit code 1 says why something does not hold.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("VKEY CHECKPOINT … are needed")
	}
	verifier, err := note.NewVerifier(args[0])
	if err != nil {
		return err
	}
	head, err := open(args[1], verifier)
	if err != nil {
		return err
	}
	if len(args) == 4 && strings.HasPrefix(read(args[2]), verifier.Name()+"\n") {
		return grown(head, args[2], args[3], verifier)
	}
	for rest := args[2:]; len(rest) >= 2; rest = rest[2:] {
		if err := included(head, rest[0], rest[1]); err != nil {
			return fmt.Errorf("%s: %w", rest[0], err)
		}
	}
	fmt.Println(head.N)
	return nil
}

func read(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return string(data)
}

// open checks a signed checkpoint: origin, size and root, a line each.
func open(path string, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open([]byte(read(path)), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, line := range lines {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return nil, fmt.Errorf("not a hash: %q", line)
		}
		found = append(found, *(*tlog.Hash)(raw))
	}
	return found, nil
}

func included(head tlog.Tree, event, proof string) error {
	lines := strings.Split(strings.SplitN(read(proof), "\n\n", 2)[0], "\n")
	if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("not a proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	path, err := hashes(lines[2:])
	if err != nil {
		return err
	}
	entry := sha256.Sum256([]byte(read(event)))
	return tlog.CheckRecord(path, head.N, head.Hash, index, tlog.RecordHash(entry[:]))
}

func grown(old tlog.Tree, newer, consistency string, verifier note.Verifier) error {
	head, err := open(newer, verifier)
	if err != nil {
		return err
	}
	path, err := hashes(strings.Fields(read(consistency)))
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(path, head.N, head.Hash, old.N, old.Hash); err != nil {
		return err
	}
	fmt.Println(head.N)
	return nil
}
