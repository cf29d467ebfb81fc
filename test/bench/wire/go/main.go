// Command wire decodes and encodes with mesos-go, once for each line of its input. It answers with the seconds
// and the CPU seconds of that, user and system.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"syscall"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/encoding"
	"github.com/mesos/mesos-go/api/v1/lib/encoding/codecs"
	"github.com/mesos/mesos-go/api/v1/lib/encoding/framing"
	"github.com/mesos/mesos-go/api/v1/lib/recordio"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
)

const usage = `wire decode CODEC FILE COUNT: all events of a RecordIO stream, so many times
wire encode CODEC FILE COUNT: the call of FILE, so many times`

// As the chunks of a socket.
const chunkBytes = 64 << 10

func main() {
	if len(os.Args) < 5 {
		exit(usage)
	}
	codec := codecNamed(os.Args[2])
	data, err := os.ReadFile(os.Args[3])
	check(err)
	times, err := strconv.Atoi(os.Args[4])
	check(err)
	work := func() { decode(codec, data) }
	if os.Args[1] == "encode" {
		work = encodeOf(codec, data)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		cpu, startedAt := cpuSeconds(), time.Now()
		for i := 0; i < times; i++ {
			work()
		}
		fmt.Println(time.Since(startedAt).Seconds(), cpuSeconds()-cpu)
	}
}

func decode(codec encoding.Codec, data []byte) {
	stream := chunks{bytes.NewReader(data)}
	decoder := codec.NewDecoder(func() framing.Reader { return recordio.NewReader(stream) })
	for {
		var event scheduler.Event
		err := decoder.Decode(&event)
		if err == io.EOF {
			return
		}
		check(err)
	}
}

func encodeOf(codec encoding.Codec, data []byte) func() {
	var call scheduler.Call
	source := encoding.SourceReader(bytes.NewReader(data))
	check(codec.NewDecoder(source).Decode(&call))
	sink := framing.WriterFunc(func(b []byte) error { return nil })
	encoder := codec.NewEncoder(func() framing.Writer { return sink })
	return func() { check(encoder.Encode(&call)) }
}

type chunks struct{ io.Reader }

func (c chunks) Read(p []byte) (int, error) {
	if len(p) > chunkBytes {
		p = p[:chunkBytes]
	}
	return c.Reader.Read(p)
}

func codecNamed(name string) encoding.Codec {
	for _, codec := range codecs.ByMediaType {
		if codec.Name == name {
			return codec
		}
	}
	exit("no codec is named " + name)
	return encoding.Codec{}
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func check(err error) {
	if err != nil {
		exit(err.Error())
	}
}

func exit(reason string) {
	fmt.Fprintln(os.Stderr, reason)
	os.Exit(1)
}
