"""Reads [{"document": text, "action": name, "resource": arn}, ...] and prints moto's verdict on each as JSON."""
import json
import sys

from moto.iam.access_control import IAMPolicy

cases = json.load(sys.stdin)
print(json.dumps([
    IAMPolicy({"policy_document": case["document"]}).is_action_permitted(case["action"], case["resource"]).name
    for case in cases
]))
