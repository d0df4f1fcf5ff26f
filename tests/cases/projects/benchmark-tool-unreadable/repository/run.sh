ais_bench --model a.om --aipp_config settings/twice.config --dymBatch 4
