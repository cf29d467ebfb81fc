// Command conformance is a framework on mesos-go, a client that shares nothing with the rest of this project: its
// scheduler plays one scenario against a master, its executor runs shell commands.
package main

import (
	"flag"
	"fmt"
	"os"
	"sort"

	"github.com/mesos/mesos-go/api/v1/lib/encoding"
	"github.com/mesos/mesos-go/api/v1/lib/encoding/codecs"
)

const usage = `conformance scheduler -master URL [-codec json] [-executor COMMAND] [-uri URI] SCENARIO
conformance executor [-codec json]`

func main() {
	if len(os.Args) < 2 {
		exit(2, usage)
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	codec := flags.String("codec", codecs.NameProtobuf, "protobuf or json")
	master := flags.String("master", "", "address of the master")
	executor := flags.String("executor", "", "command of the executor; none: tasks are commands")
	uri := flags.String("uri", "", "what the executor's command needs in its sandbox")
	flags.Parse(os.Args[2:])
	switch os.Args[1] {
	case "scheduler":
		play, isKnown := scenarios[flags.Arg(0)]
		if !isKnown {
			exit(2, fmt.Sprintf("scenarios: %v", names()))
		}
		play(&cluster{master: *master, codec: codecNamed(*codec), executor: *executor, uri: *uri})
	case "executor":
		runExecutor(codecNamed(*codec))
	default:
		exit(2, usage)
	}
}

func codecNamed(name string) encoding.Codec {
	for _, codec := range codecs.ByMediaType {
		if codec.Name == name {
			return codec
		}
	}
	exit(2, "no codec is named "+name)
	return encoding.Codec{}
}

func names() (all []string) {
	for name := range scenarios {
		all = append(all, name)
	}
	sort.Strings(all)
	return
}

func exit(status int, text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(status)
}

// check ends the program: whatever goes wrong here is a fault of the other side.
func check(err error, doing string) {
	if err != nil {
		exit(1, doing+": "+err.Error())
	}
}
