"""What is kept between visits, in a database: texts too long for a link. No Streamlit."""
