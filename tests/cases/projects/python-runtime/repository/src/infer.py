import acl

MODEL = "model/yolo.om"
SIZE = 832


def prepare(model_id, dataset, index):
    aipp = acl.mdl.create_aipp(1)
    acl.mdl.set_aipp_input_format(aipp, 3)
    acl.mdl.set_aipp_src_image_size(aipp, SIZE, SIZE)
    acl.mdl.set_input_aipp(model_id, dataset, index, aipp)
    acl.mdl.set_dynamic_hw_size(model_id, dataset, index, 640, 640)
