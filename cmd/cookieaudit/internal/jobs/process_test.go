package jobs

import "os"

// workerEnv is set for a process of this test binary that works a queue.
const workerEnv = "COOKIEAUDIT_TEST_WORKER"

func workerProcess() int { _ = os.Getenv(workerEnv); return 0 }
