"""``python -m tests.campaigns.machine RUNS STEPS [SEED]``: a state machine of hypothesis, which looks for the
shortest course that breaks an invariant: people raise and answer, time passes, something goes wrong, in any order.
"""

import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.simulator.people import Year


class Partnership(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(
            tempfile.mkdtemp(prefix="mailbot-machine-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
        )
        self.raised = 0

    @initialize(seed=st.integers(1, 10_000))
    def begins(self, seed: int) -> None:
        self.year = Year(self.folder, seed, disputes=0, days=0)
        self.year.do(lambda: None)

    @rule()
    def somebody_raises(self) -> None:
        self.raised += 1
        self.year.do(lambda: self.year.raise_one(self.raised))

    @rule(hours=st.sampled_from((1, 5, 20, 70)))
    def time_passes(self, hours: int) -> None:
        self.year.live(self.year.world.now + timedelta(hours=hours))

    @rule()
    def something_goes_wrong(self) -> None:
        self.year.do(self.year.something_goes_wrong)

    @invariant()
    def nothing_is_violated(self) -> None:
        if hasattr(self, "year"):
            assert self.year.violations() == []

    def teardown(self) -> None:
        if hasattr(self, "year"):
            self.year.world.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def main(runs: int, steps: int, drawn_by: int = 0) -> int:
    """``drawn_by`` a seed, or by chance where that is 0."""
    kept = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if runs > 200 else (Phase.generate,),
        database=None,
    )
    machine = seed(drawn_by)(Partnership) if drawn_by else Partnership
    try:
        run_state_machine_as_test(machine, settings=kept)
    except AssertionError as broken:
        print(broken)
        print(f"{runs} x {steps} steps of a state machine: VIOLATED")
        return 1
    print(f"{runs} x {steps} steps of a state machine: 0 violations")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
