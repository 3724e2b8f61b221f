"""What must be true on a real kernel. A scenario is a function of a World, registered with its name and one sentence."""
import importlib
import os
import pkgutil


class Scenario:
    def __init__(self, name, text, run):
        self.name, self.text, self.run = name, text, run


REGISTERED = []


def scenario(name, text):
    def register(function):
        REGISTERED.append(Scenario(name, text, function))
        return function
    return register


def all_scenarios():
    for module in sorted(found.name for found in pkgutil.iter_modules([os.path.dirname(__file__)])):
        importlib.import_module("scenarios." + module)
    return REGISTERED
