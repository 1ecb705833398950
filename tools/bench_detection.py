"""How fast the detection engine takes scans, and in how much memory; called by bench.py."""
import os
import re
import subprocess

from bench_world import sh


def detection(bench, rounds):
    """One core over a simulated market of 400 dealers and some 340 prefectures, whose goods are scanned four times as
    often as the simulator has it: some 9 300 scans a day."""
    market = os.path.join(bench.folder, "market")
    simulate = os.path.join(os.path.dirname(os.path.abspath(__file__)), "detection", "simulate.py")
    sh(bench.python, simulate, "--seed", "1", "--dealers", str(max(8, 400 // bench.scale)), "--out", market,
       "--set", "scan_rates=(0.024,0.06,0.12,0.2)")
    rates, between, memory = [], [], []
    for _ in range(rounds):
        command = ["taskset", "-c", "0", bench.yima, "detect", "--market", market, "--out",
                   os.path.join(bench.folder, "alerts.csv")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(text)
        rates.append(float(re.search(r"engine: (\d+) scans/s", text)[1]))
        between.append(float(re.search(r"each\) (\d+)/s", text)[1]))
        memory.append(usage.ru_maxrss / 1024)
    yield {"name": "detect over 400 dealers × 340 prefectures, one core", "unit": "scans/s", "ours": rates,
           "goal": "≥ 200 000/s"}
    yield {"name": "… between the daily renewals of the base rates", "unit": "scans/s", "ours": between, "goal": ""}
    yield {"name": "… memory of the whole command, with the market's files in it", "unit": "MB", "ours": memory,
           "goal": ""}
