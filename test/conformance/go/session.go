package main

import (
	"context"
	"fmt"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/encoding"
	"github.com/mesos/mesos-go/api/v1/lib/httpcli"
	"github.com/mesos/mesos-go/api/v1/lib/httpcli/httpsched"
	"github.com/mesos/mesos-go/api/v1/lib/resources"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"
)

// Nothing here takes this long: whoever waits longer waits for what never comes.
const patience = 50 * time.Second

const executorID = "conformance"

// cluster is what the scenarios run on, and with.
type cluster struct {
	master   string
	codec    encoding.Codec
	executor string
	uri      string
}

// session is one scheduler with its subscription. Events wait in the order in which they came until they are taken.
type session struct {
	cluster  *cluster
	caller   calls.Caller
	id       string
	hangUp   context.CancelFunc
	incoming chan *scheduler.Event
	waiting  []*scheduler.Event
	seen     []string
}

// subscribe registers a framework, or takes over the one whose id is given.
func (c *cluster) subscribe(frameworkID string) *session {
	client := httpcli.New(
		httpcli.Endpoint(c.master+"/api/v1/scheduler"),
		httpcli.Codec(c.codec),
		httpcli.Do(httpcli.With(httpcli.Timeout(10*time.Second))),
	)
	failoverTimeout, checkpoint := 60.0, true
	info := &mesos.FrameworkInfo{
		User:            "root",
		Name:            "conformance",
		FailoverTimeout: &failoverTimeout,
		Checkpoint:      &checkpoint,
		Roles:           []string{"*"},
		Capabilities: []mesos.FrameworkInfo_Capability{
			{Type: mesos.FrameworkInfo_Capability_MULTI_ROLE},
			{Type: mesos.FrameworkInfo_Capability_PARTITION_AWARE},
			{Type: mesos.FrameworkInfo_Capability_RESERVATION_REFINEMENT},
		},
	}
	call := calls.Subscribe(info)
	if frameworkID != "" {
		call = call.With(calls.SubscribeTo(frameworkID))
	}
	ctx, hangUp := context.WithCancel(context.Background())
	s := &session{
		cluster:  c,
		caller:   httpsched.NewCaller(client),
		hangUp:   hangUp,
		incoming: make(chan *scheduler.Event, 1000),
	}
	response, err := s.caller.Call(ctx, call)
	check(err, "SUBSCRIBE")
	go s.read(response)
	subscribed := s.take(ofType(scheduler.Event_SUBSCRIBED)).Subscribed
	s.id = subscribed.FrameworkID.Value
	return s
}

func (s *session) read(response mesos.Response) {
	defer close(s.incoming)
	for {
		event := &scheduler.Event{}
		if response.Decode(event) != nil {
			return
		}
		s.incoming <- event
	}
}

// take removes the first event that matches, waiting for it if need be.
func (s *session) take(matches func(*scheduler.Event) bool) *scheduler.Event {
	for index, event := range s.waiting {
		if matches(event) {
			s.waiting = append(s.waiting[:index:index], s.waiting[index+1:]...)
			return event
		}
	}
	timeout := time.After(patience)
	for {
		select {
		case event, isOpen := <-s.incoming:
			if !isOpen {
				s.fail("the stream ended")
			}
			s.seen = append(s.seen, describe(event))
			if matches(event) {
				return event
			}
			s.waiting = append(s.waiting, event)
		case <-timeout:
			s.fail("waited too long")
		}
	}
}

// ended waits until the master closes the stream.
func (s *session) ended() {
	timeout := time.After(patience)
	for {
		select {
		case _, isOpen := <-s.incoming:
			if !isOpen {
				return
			}
		case <-timeout:
			s.fail("the stream was not closed")
		}
	}
}

func (s *session) fail(why string) {
	exit(1, fmt.Sprintf("%s; events so far: %v", why, s.seen))
}

func (s *session) try(call *scheduler.Call) error {
	response, err := s.caller.Call(context.Background(), call.With(calls.Framework(s.id)))
	if response != nil {
		response.Close()
	}
	return err
}

func (s *session) call(call *scheduler.Call) {
	check(s.try(call), call.Type.String())
}

// launch puts tasks onto the next offer, with its executor if there is one, and gives the agent's id.
func (s *session) launch(commands map[string]string) string {
	offer := s.take(ofType(scheduler.Event_OFFERS)).Offers.Offers[0]
	var tasks []mesos.TaskInfo
	for id, command := range commands {
		tasks = append(tasks, s.cluster.task(id, offer.AgentID, command))
	}
	operations := calls.OfferOperations{calls.OpLaunch(tasks...)}
	s.call(calls.Accept(operations.WithOffers(offer.ID)).With(calls.RefuseSeconds(0)))
	return offer.AgentID.Value
}

// status takes the next update of a task.
func (s *session) status(taskID string) *mesos.TaskStatus {
	return &s.take(func(event *scheduler.Event) bool {
		return event.GetType() == scheduler.Event_UPDATE && event.Update.Status.TaskID.Value == taskID
	}).Update.Status
}

func (s *session) acknowledge(status *mesos.TaskStatus) {
	s.call(calls.Acknowledge(status.AgentID.GetValue(), status.TaskID.Value, status.UUID))
}

// starts takes the TASK_STARTING of a task, which executors may leave out, and gives the update after it.
func (s *session) starts(taskID string) *mesos.TaskStatus {
	status := s.status(taskID)
	if status.GetState() != mesos.TASK_STARTING {
		return status
	}
	s.check(taskID, status, mesos.TASK_STARTING)
	return s.status(taskID)
}

// runs takes the updates of a task until it is running.
func (s *session) runs(taskID string) {
	s.check(taskID, s.starts(taskID), mesos.TASK_RUNNING)
}

// expect takes updates of a task in these states, one each, and acknowledges them.
func (s *session) expect(taskID string, states ...mesos.TaskState) (last *mesos.TaskStatus) {
	for _, state := range states {
		last = s.status(taskID)
		s.check(taskID, last, state)
	}
	return
}

// check acknowledges an update that is as it should be.
func (s *session) check(taskID string, status *mesos.TaskStatus, state mesos.TaskState) {
	if status.GetState() != state {
		s.fail(fmt.Sprintf("%s is %v in place of %v: %s", taskID, status.GetState(), state, status.GetMessage()))
	}
	if len(status.UUID) != 16 {
		s.fail(fmt.Sprintf("%s %v has the UUID %v", taskID, state, status.UUID))
	}
	s.acknowledge(status)
	fmt.Println(taskID, state)
}

func (s *session) require(isTrue bool, fact string) {
	if !isTrue {
		s.fail("not so: " + fact)
	}
	fmt.Println(fact)
}

func (s *session) teardown() {
	s.call(&scheduler.Call{Type: scheduler.Call_TEARDOWN})
	s.ended()
	fmt.Println("torn down")
}

func (c *cluster) task(id string, agentID mesos.AgentID, command string) mesos.TaskInfo {
	task := mesos.TaskInfo{
		Name:      id,
		TaskID:    mesos.TaskID{Value: id},
		AgentID:   agentID,
		Resources: little(),
	}
	if c.executor == "" {
		task.Command = &mesos.CommandInfo{Value: &command}
		return task
	}
	shell := mesos.CommandInfo{Value: &c.executor}
	if c.uri != "" {
		isExtracted := false
		shell.URIs = []mesos.CommandInfo_URI{{Value: c.uri, Extract: &isExtracted}}
	}
	task.Executor = &mesos.ExecutorInfo{
		Type:       mesos.ExecutorInfo_CUSTOM,
		ExecutorID: mesos.ExecutorID{Value: executorID},
		Resources:  little(),
		Command:    &shell,
	}
	task.Data = []byte(fmt.Sprintf(`{"version":1,"work":{"kind":"shell","command":%q}}`, command))
	return task
}

func little() []mesos.Resource {
	return []mesos.Resource{resources.NewCPUs(0.1).Resource, resources.NewMemory(64).Resource}
}

func ofType(wanted scheduler.Event_Type) func(*scheduler.Event) bool {
	return func(event *scheduler.Event) bool { return event.GetType() == wanted }
}

func describe(event *scheduler.Event) string {
	if event.GetType() != scheduler.Event_UPDATE {
		return event.GetType().String()
	}
	status := event.Update.Status
	return fmt.Sprintf("%v %s %v", event.GetType(), status.TaskID.Value, status.GetState())
}
