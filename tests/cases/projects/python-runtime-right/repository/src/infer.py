from acl import mdl


def prepare(model_id, dataset, index, width, height):
    aipp = mdl.create_aipp(1)
    mdl.set_aipp_input_format(aipp, 3)
    mdl.set_aipp_src_image_size(aipp, 832, 832)
    mdl.set_input_aipp(model_id, dataset, index, aipp)
    mdl.set_dynamic_hw_size(model_id, dataset, index, height, width)
