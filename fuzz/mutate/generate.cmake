# What makes valid content out of nothing, and what content has in it.
target_sources(sluice_mutate PRIVATE
  bounds.cc dictionary.cc feature_texts.cc feature_uses.cc features.cc flip.cc generate.cc goal_uses.cc goals.cc meaning.cc output.cc question.cc remedies.cc
  remedy_places.cc remedy_rules.cc settle.cc subtree.cc)

# sluice-generate, beside sluice. Its dictionary has words of images.
if(SLUICE_TARGETS OR SLUICE_FUZZING_ENGINE)
  add_executable(sluice-generate generate_main.cc image_words.cc)
  set_target_properties(sluice-generate PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  target_link_libraries(sluice-generate PRIVATE sluice_mutate sluice_image nlohmann_json::nlohmann_json)
endif()
