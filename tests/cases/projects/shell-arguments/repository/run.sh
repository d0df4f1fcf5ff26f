#!/bin/bash
cd infer
bash convert_om.sh resnet50.air aipp_resnet50.config resnet50
