package main

import (
	"bytes"

	"github.com/mesos/mesos-go/api/v1/lib"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler"
	"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"
)

var scenarios = map[string]func(*cluster){
	"finish":      finish,
	"kill":        kill,
	"message":     message,
	"failover":    failover,
	"reconcile":   reconcile,
	"resubscribe": resubscribe,
}

const endless = "sleep 1000"

func finish(c *cluster) {
	s := c.subscribe("")
	// Executors may report of shorter tasks only the end.
	s.launch(map[string]string{"good": "sleep 0.5", "bad": "sleep 0.5; exit 3"})
	s.runs("good")
	s.expect("good", mesos.TASK_FINISHED)
	s.runs("bad")
	s.expect("bad", mesos.TASK_FAILED)
	s.launch(map[string]string{"good": "sleep 0.5"})
	s.runs("good")
	s.expect("good", mesos.TASK_FINISHED)
	s.teardown()
}

func kill(c *cluster) {
	s := c.subscribe("")
	agent := s.launch(map[string]string{"t": endless})
	s.runs("t")
	s.call(calls.Kill("t", agent))
	s.expect("t", mesos.TASK_KILLED)
	s.teardown()
}

func message(c *cluster) {
	s := c.subscribe("")
	agent := s.launch(map[string]string{"t": endless})
	s.runs("t")
	s.call(calls.Message(agent, executorID, []byte("größer\x00\xff")))
	answer := s.take(ofType(scheduler.Event_MESSAGE)).Message
	s.require(string(answer.Data) == "echo größer\x00\xff", "the executor answers, byte for byte")
	s.require(answer.AgentID.Value == agent && answer.ExecutorID.Value == executorID, "its ids are told")
	s.teardown()
}

// failover has two schedulers take the framework over: one from a scheduler that lives, one from nobody.
func failover(c *cluster) {
	first := c.subscribe("")
	agent := first.launch(map[string]string{"t": endless})
	running := first.starts("t")

	second := c.subscribe(first.id)
	second.require(second.id == first.id, "the framework id is kept")
	failure := first.take(ofType(scheduler.Event_ERROR)).Error
	first.require(failure.Message == "Framework failed over", "the first scheduler is told")
	first.ended()
	again := second.status("t")
	second.require(bytes.Equal(again.UUID, running.UUID), "the update comes again, under its UUID")
	second.acknowledge(again)

	second.hangUp()
	second.ended()
	third := c.subscribe(first.id)
	third.call(calls.Reconcile())
	third.require(third.status("t").GetState() == mesos.TASK_RUNNING, "the task outlives its schedulers")
	third.call(calls.Kill("t", agent))
	third.expect("t", mesos.TASK_KILLED)
	third.teardown()
}

func reconcile(c *cluster) {
	s := c.subscribe("")
	agent := s.launch(map[string]string{"t": endless})
	s.runs("t")
	s.call(calls.Reconcile())
	s.reconciled("t", mesos.TASK_RUNNING)
	s.call(calls.Reconcile(calls.ReconcileTasks(map[string]string{"t": agent, "u": agent, "v": ""})))
	s.reconciled("t", mesos.TASK_RUNNING)
	s.reconciled("u", mesos.TASK_GONE)
	s.reconciled("v", mesos.TASK_UNKNOWN)
	s.call(calls.Kill("t", agent))
	s.expect("t", mesos.TASK_KILLED)
	s.call(calls.Reconcile(calls.ReconcileTasks(map[string]string{"t": agent})))
	s.reconciled("t", mesos.TASK_GONE)
	s.teardown()
}

// reconciled takes the master's answer, which nobody acknowledges.
func (s *session) reconciled(taskID string, state mesos.TaskState) {
	status := s.status(taskID)
	s.require(status.GetState() == state, taskID+" is "+state.String())
	isAnswer := status.GetReason() == mesos.REASON_RECONCILIATION && len(status.UUID) == 0
	s.require(isAnswer, "as the master says, without a UUID")
}

func resubscribe(c *cluster) {
	s := c.subscribe("")
	agent := s.launch(map[string]string{"t": endless})
	s.runs("t")
	s.call(calls.Message(agent, executorID, []byte(comeBack)))
	update := s.expect("t", mesos.TASK_RUNNING)
	s.require(update.GetMessage() == comeBack, "the update came with the subscription")
	s.call(calls.Kill("t", agent))
	s.expect("t", mesos.TASK_KILLED)
	s.teardown()
}
