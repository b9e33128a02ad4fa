"""scikit-learn's side of heads.ts: the strength by five folds, as its own manual has it."""

import json
import sys
import time
import warnings

import numpy
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
with open(sys.argv[1]) as file:
    request = json.load(file)
features = numpy.fromfile(request["features"], numpy.float32).reshape(-1, request["dimension"])
labels = numpy.array(request["labels"])
test = request["test"]
answers = []
for rows in request["draws"]:
    smallest = min(numpy.bincount(labels[rows]))
    began = time.perf_counter()
    model = make_pipeline(
        StandardScaler(),
        LogisticRegressionCV(
            Cs=10,
            cv=StratifiedKFold(min(5, smallest), shuffle=True, random_state=0),
            scoring="neg_log_loss",
            max_iter=500,
        ),
    ).fit(features[rows], labels[rows])
    seconds = time.perf_counter() - began
    probabilities = model.predict_proba(features[test])
    answers.append(
        {
            "accuracy": float((probabilities.argmax(1) == labels[test]).mean()),
            "loss": float(log_loss(labels[test], probabilities)),
            "seconds": seconds,
        }
    )
print(json.dumps(answers))
