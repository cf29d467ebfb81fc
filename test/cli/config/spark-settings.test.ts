import { describe, expect, it } from 'vitest'
import { fromSpark } from '../../../src/cli/config/spark-settings.ts'

describe('fromSpark', () => {
  it.each([
    ['spark.master', 'local[4]', 'master', 'local'],
    ['spark.master', 'mesos://10.0.0.1:5050', 'master', 'http://10.0.0.1:5050'],
    ['spark.master', 'mesos://zk://a:2181,b:2181/mesos', 'master', 'zk://a:2181,b:2181/mesos'],
    ['spark.executor.memory', '2g', 'mem', '2048'],
    ['spark.executor.memory', '512', 'mem', '512'],
    ['spark.jars', 'a.jar, b.jar', 'jar', ['a.jar', 'b.jar']],
    ['spark.archives', 'a.zip#data', 'archive', ['a.zip']],
    ['spark.jars.packages', 'g:a:1', 'package', ['maven:g:a:1']],
    ['spark.task.maxFailures', '4', 'retries', '3'],
    [
      'spark.mesos.constraints',
      'os:centos7;zone:a,b;gpu:',
      'constraint',
      ['os IN centos7', 'zone IN a,b', 'gpu LIKE .*'],
    ],
    ['spark.executorEnv.TZ', 'UTC', 'env', ['TZ=UTC']],
    ['spark.network.timeout', '2min', 'timeout', '120'],
  ])('%s=%s', (name, value, own, translated) => {
    expect(fromSpark(name, value)).toEqual({ name: own, value: translated })
  })

  it.each([
    ['spark.mesos.secret', /--credentials/],
    ['spark.executor.instances', /what the module exports/],
    ['spark.eventLog.enabled', /no equivalent here/],
    ['constructor', /no equivalent here/],
  ])('has a remedy for %s', (name, remedy) => {
    expect(fromSpark(name, 'x')).toEqual({ remedy: expect.stringMatching(remedy) })
  })

  it.each([
    ['spark.master', 'yarn', /spark\.master=yarn: jarcast runs on Mesos/],
    ['spark.executor.memory', 'much', /give a size such as 512m/],
    ['spark.task.maxFailures', 'many', /=many: give a whole number, 1 or more/],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => fromSpark(name, value)).toThrow(message)
  })
})
