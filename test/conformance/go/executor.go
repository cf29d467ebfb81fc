package main

import (
	"context"
	"encoding/json"
	"log"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/encoding"
	"github.com/mesos/mesos-go/api/v1/lib/executor"
	"github.com/mesos/mesos-go/api/v1/lib/executor/calls"
	"github.com/mesos/mesos-go/api/v1/lib/executor/config"
	"github.com/mesos/mesos-go/api/v1/lib/httpcli"
	"github.com/mesos/mesos-go/api/v1/lib/httpcli/httpexec"
	"github.com/pborman/uuid"
)

// A message with this text makes the executor leave its agent and come back with updates that it has not sent.
const comeBack = "come back"

// payload is the data of a task, as much of it as is read here.
type payload struct {
	Work struct {
		Command string `json:"command"`
	} `json:"work"`
}

// host runs the tasks. Of each it keeps what the agent has not acknowledged.
type host struct {
	env    config.Config
	call   calls.Sender
	stream calls.Sender

	mutex   sync.Mutex
	running map[string]*exec.Cmd
	killed  map[string]bool
	tasks   map[string]mesos.TaskInfo
	updates []executor.Call_Update
}

func runExecutor(codec encoding.Codec) {
	env, err := config.FromEnv()
	check(err, "environment")
	client := httpcli.New(
		httpcli.Endpoint("http://"+env.AgentEndpoint+"/api/v1/executor"),
		httpcli.Codec(codec),
		httpcli.Do(httpcli.With(httpcli.Timeout(10*time.Second))),
	)
	ids := executor.CallOptions{calls.Framework(env.FrameworkID), calls.Executor(env.ExecutorID)}
	h := &host{
		env:     env,
		call:    calls.SenderWith(httpexec.NewSender(client.Send), ids...),
		stream:  calls.SenderWith(httpexec.NewSender(client.Send, httpcli.Close(true)), ids...),
		running: map[string]*exec.Cmd{},
		killed:  map[string]bool{},
		tasks:   map[string]mesos.TaskInfo{},
	}
	for h.subscribe() {
		if !env.Checkpoint {
			log.Println("the agent is gone, and the framework does not checkpoint")
			return
		}
		time.Sleep(env.SubscriptionBackoffMax / 10)
	}
}

// subscribe handles the events of one subscription; false after a SHUTDOWN.
func (h *host) subscribe() bool {
	h.mutex.Lock()
	var tasks []mesos.TaskInfo
	for _, task := range h.tasks {
		tasks = append(tasks, task)
	}
	subscribe := calls.Subscribe(tasks, append([]executor.Call_Update(nil), h.updates...))
	h.mutex.Unlock()

	response, err := h.stream.Send(context.Background(), calls.NonStreaming(subscribe))
	if response != nil {
		defer response.Close()
	}
	for err == nil {
		var event executor.Event
		if err = response.Decode(&event); err != nil {
			break
		}
		log.Println(event.GetType())
		switch event.GetType() {
		case executor.Event_LAUNCH:
			h.launch(event.Launch.Task)
		case executor.Event_KILL:
			h.kill(event.Kill.TaskID.Value)
		case executor.Event_ACKNOWLEDGED:
			h.acknowledged(event.Acknowledged)
		case executor.Event_MESSAGE:
			if string(event.Message.Data) == comeBack {
				h.forEachTask(func(id string) { h.keep(h.status(id, mesos.TASK_RUNNING, comeBack)) })
				return true
			}
			h.send(calls.Message(append([]byte("echo "), event.Message.Data...)))
		case executor.Event_SHUTDOWN:
			h.forEachTask(h.kill)
			return false
		}
	}
	log.Println("disconnected:", err)
	return true
}

func (h *host) launch(task mesos.TaskInfo) {
	id := task.TaskID.Value
	var data payload
	h.mutex.Lock()
	h.tasks[id] = task
	h.mutex.Unlock()
	h.update(h.status(id, mesos.TASK_STARTING, ""))
	if err := json.Unmarshal(task.Data, &data); err != nil {
		h.update(h.status(id, mesos.TASK_FAILED, err.Error()))
		return
	}
	command := exec.Command("/bin/sh", "-c", data.Work.Command)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		h.update(h.status(id, mesos.TASK_FAILED, err.Error()))
		return
	}
	h.mutex.Lock()
	h.running[id] = command
	h.mutex.Unlock()
	h.update(h.status(id, mesos.TASK_RUNNING, ""))
	go h.reap(id, command)
}

func (h *host) reap(id string, command *exec.Cmd) {
	err := command.Wait()
	h.mutex.Lock()
	delete(h.running, id)
	state, message := mesos.TASK_FINISHED, "exited with status 0"
	if h.killed[id] {
		state, message = mesos.TASK_KILLED, "killed"
	} else if err != nil {
		state, message = mesos.TASK_FAILED, err.Error()
	}
	h.mutex.Unlock()
	h.update(h.status(id, state, message))
}

func (h *host) kill(id string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if command := h.running[id]; command != nil {
		h.killed[id] = true
		syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
}

func (h *host) forEachTask(do func(id string)) {
	h.mutex.Lock()
	var ids []string
	for id := range h.running {
		ids = append(ids, id)
	}
	h.mutex.Unlock()
	for _, id := range ids {
		do(id)
	}
}

func (h *host) status(id string, state mesos.TaskState, message string) mesos.TaskStatus {
	return mesos.TaskStatus{
		TaskID:  mesos.TaskID{Value: id},
		State:   &state,
		Source:  mesos.SOURCE_EXECUTOR.Enum(),
		Message: &message,
		UUID:    []byte(uuid.NewRandom()),
	}
}

// keep leaves an update for the next subscription.
func (h *host) keep(status mesos.TaskStatus) *executor.Call {
	call := calls.Update(status)
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.updates = append(h.updates, *call.Update)
	return call
}

func (h *host) update(status mesos.TaskStatus) {
	h.send(h.keep(status))
}

func (h *host) send(call *executor.Call) {
	response, err := h.call.Send(context.Background(), calls.NonStreaming(call))
	if response != nil {
		response.Close()
	}
	if err != nil {
		log.Println(call.Type, "was not taken:", err)
	}
}

// acknowledged forgets the update, and with a task's first one that the task was not known to the agent.
func (h *host) acknowledged(event *executor.Event_Acknowledged) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	delete(h.tasks, event.TaskID.Value)
	for index, update := range h.updates {
		if string(update.Status.UUID) == string(event.UUID) {
			h.updates = append(h.updates[:index:index], h.updates[index+1:]...)
			return
		}
	}
}
